using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Studies.Experiments;
using Reflink.Units;

namespace Reflink.Cli.Volumes;

/// <summary>
/// One command on a volume in a store folder. It opens the store, does its work and syncs; where it fails or is interrupted it
/// does not sync, and the store is as it was.
/// </summary>
internal sealed class VolumeVerb : Command, IHasExamples
{
    private const long Memory = 256L << 20;
    private const long StoreMemory = 16L << 20;

    private readonly Argument<string> _store = OptionKinds.File("STORE", "The store's folder");
    private readonly ReportOptions _report = new();
    private readonly Option<long> _wait = OptionKinds.Number("--wait", 5, 0, 1_000_000, "Seconds to wait while another command writes to the store");
    private readonly List<Argument<string>> _arguments = [];

    /// <summary>A command that takes the store and so many more arguments.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="does">What it does.</param>
    /// <param name="example">Arguments of an example, and what they do.</param>
    /// <param name="arguments">Names and descriptions of the arguments behind the store.</param>
    public VolumeVerb(string name, string does, (string Line, string Does) example, params (string Name, string Does)[] arguments)
        : base(name, does)
    {
        Examples = [($"reflink volume {name} {example.Line}", example.Does)];
        Arguments.Add(_store);
        foreach (var (argument, what) in arguments)
        {
            _arguments.Add(ArgumentOf(argument, what));
            Arguments.Add(_arguments[^1]);
        }

        _report.AddTo(this);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; }

    /// <summary>What is done before the volume is opened.</summary>
    public Action<ParseResult>? Before { get; set; }

    /// <summary>Whether the command makes a volume where there is none.</summary>
    public bool IsCreating { get; init; }

    /// <summary>Gives the last argument a value that it has if it is left out.</summary>
    public VolumeVerb WithDefault(string value)
    {
        _arguments[^1].Arity = ArgumentArity.ZeroOrOne;
        _arguments[^1].DefaultValueFactory = _ => value;
        return this;
    }

    // Files and paths are checked, and a file that is read may be standard input; others are any text.
    private static Argument<string> ArgumentOf(string name, string what) => name switch
    {
        "FILE" when what.Contains("standard input", StringComparison.Ordinal) => OptionKinds.Input(name, what),
        "SIZE" or "OFFSET" or "LENGTH" => OptionKinds.SizeArgument(name, what),
        "NAME" or "MODE" => OptionKinds.Word(name, what),
        "VALUE" or "TARGET" => new Argument<string>(name) { Description = what },
        _ => OptionKinds.File(name, what),
    };

    /// <summary>Says what the command does with the volume; with <see cref="StoreUse.ReadOnly"/> others may read it meanwhile.</summary>
    public VolumeVerb With(StoreUse use, Func<Machine, string[], VolumeAnswer> work) => With(use, (machine, arguments, _, _) => work(machine, arguments));

    /// <summary>As above, for work that has options or takes long: it is told how to show progress, and throws when it is to end.</summary>
    public VolumeVerb With(StoreUse use, Func<Machine, string[], ParseResult, VolumeProgress, VolumeAnswer> work, Option<ByteSize?>? capacity = null)
    {
        if (use == StoreUse.Durable)
        {
            Options.Add(_wait);
        }

        SetAction(line =>
        {
            var arguments = _arguments.Select(a => line.GetValue(a)!).ToArray();
            using var interruption = new Interruption();
            return interruption.Guard(() =>
            {
                Before?.Invoke(line);
                RequireVolume(line.GetValue(_store)!);
                var store = new StoreOptions { Folder = line.GetValue(_store)!, Memory = StoreMemory, Use = use };
                using var machine = WriterQueue.Open(
                    () => new Machine(new MachineOptions
                    {
                        // What is changed here stays, beside files that came with times of their own.
                        Memory = Memory, Store = store, VolumeCapacity = capacity is null ? null : line.GetValue(capacity)?.Bytes, SwitchedOnAt = DateTimeOffset.UtcNow,
                    }),
                    TimeSpan.FromSeconds(line.GetValue(_wait)), interruption.Token);
                var answer = TerminalProgress.Show(context => work(machine, arguments, line, new VolumeProgress(context, interruption.Token)));
                machine.Volume.Sync();
                _report.Write(line, () => answer.Report, () => answer.Json, () => answer.Csv);
                return answer.Code;
            });
        });
        return this;
    }

    private void RequireVolume(string folder)
    {
        if (!IsCreating && !File.Exists(Path.Combine(folder, "reflink-store")))
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no volume in '{folder}'; make one with 'reflink volume create {folder}', or name its folder");
        }
    }
}
