using System.CommandLine;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Watching;

namespace Reflink.Cli.Studying;

/// <summary>The options that write what happens in a run, as events or as a trace.</summary>
internal sealed class WatchOptions
{
    private readonly TargetOption _events = OptionKinds.Target("--events", "Write every event as a line of JSON, named after the kernel's tracepoint; to standard output if it is a dash");
    private readonly TargetOption _perfetto = OptionKinds.Target("--perfetto", "Write a trace in the Chrome trace event format, which ui.perfetto.dev and speedscope open", "FILE");

    public void AddTo(Command command)
    {
        command.Options.Add(_events);
        command.Options.Add(_perfetto);
    }

    /// <summary>Whether something is to be written.</summary>
    public bool IsAsked(ParseResult line) => line.GetValue(_events) is not null || line.GetValue(_perfetto) is not null;

    /// <summary>Whether events go where other output goes.</summary>
    public bool TakesOutput(ParseResult line) => line.GetValue(_events) == OptionKinds.Standard;

    /// <summary>Does work with those who write. A file is there when all of it is written, and not before.</summary>
    public T Run<T>(ParseResult line, Func<IReadOnlyList<IRunObserver>, T> work) => Into(line.GetValue(_events), lines => Into(line.GetValue(_perfetto), trace =>
    {
        using var written = lines is null ? null : new EventLines(lines);
        using var drawn = trace is null ? null : new ChromeTrace(trace);
        return work([.. ((IRunObserver?[])[written, drawn]).OfType<IRunObserver>()]);
    }));

    private static T Into<T>(string? path, Func<Stream?, T> work)
    {
        if (path is null)
        {
            return work(null);
        }

        if (path == OptionKinds.Standard)
        {
            using var output = new BufferedStream(Console.OpenStandardOutput());
            return work(output);
        }

        var result = default(T);
        HostOutput.Write(path, stream => result = work(stream));
        return result!;
    }
}
