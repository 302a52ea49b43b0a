using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Programs;

/// <content>What formulas ask a run, the commands that are a part of studies, and the machine's settings that are texts.</content>
public sealed partial class Laboratory
{
    /// <summary>A random whole number from 0 up to, and without, another; drawn by the seed.</summary>
    /// <exception cref="ReflinkException">EINVAL: the number is not above 0.</exception>
    public Value Random(Value below) => Ask("random", below);

    /// <summary>Draws one of several things by the seed, each as often as its weight says.</summary>
    /// <returns>Its number, counted from 0.</returns>
    public int Choose(params IReadOnlyList<long> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.Count > 0 && weights.All(weight => weight is > 0 and <= int.MaxValue) ? _context.Choose(weights)
            : throw new ReflinkException(Errno.EINVAL, $"one of the weights {string.Join(", ", weights)} is not above 0, or there is none; give each thing one of 1 or more");
    }

    /// <summary>What a control file says, such as <c>/proc/sys/vm/swappiness</c>; names without / are of <c>/sys/kernel/mm/ksm/</c>.</summary>
    /// <exception cref="ReflinkException">There is no such file.</exception>
    public Value Control(Value file) => Ask("control", file);

    /// <summary>Where a process maps a file or memory: the first address.</summary>
    /// <exception cref="ReflinkException">EFAULT: it does not.</exception>
    public Value Address(Value name, Value process) => Ask("address", name, process);

    /// <summary>The number of the frame that a page of a mapping is in; -1 if it is in none.</summary>
    /// <exception cref="ReflinkException">EFAULT: there is no such mapping.</exception>
    public Value Frame(Value name, Value process, Value page) => Ask("frame", name, process, page);

    /// <summary>How many processes have memory in a partition of ksm.</summary>
    public Value Members(Value partition) => Ask("members", partition);

    /// <summary>The number of a process.</summary>
    /// <exception cref="ReflinkException">ESRCH: there is none of that name.</exception>
    public Value Pid(Value process) => Ask("pid", process);

    /// <summary>Patches a binary in many processes by one mechanism, as <c>reflink compare</c> does, on machines of its own; records its figures, which <c>lab["pss_bytes"]</c> gives, too.</summary>
    /// <param name="options">What <c>compare</c> takes in a study: <c>("mechanism", "private")</c>.</param>
    /// <exception cref="ReflinkException">It cannot be done so.</exception>
    public void Compare(params IReadOnlyList<(string Name, Value Value)> options) => new CompareAction("compare", s_nowhere, Options(options, CompareAction.Keys)).Do(_context);

    /// <summary>Replays a trace on a machine like this one, as <c>reflink replay --machine</c> does; records its figures, which <c>lab["misses"]</c> gives, too.</summary>
    /// <param name="options">What <c>replay</c> takes in a study: <c>("trace", "web.trace")</c>.</param>
    /// <exception cref="ReflinkException">It cannot be done so.</exception>
    public void Replay(params IReadOnlyList<(string Name, Value Value)> options) => new ReplayAction("replay", s_nowhere, Options(options, ReplayAction.Keys)).Do(_context);

    /// <summary>A disk for <see cref="MachineOptions.Store"/>: <c>kept</c> in files of the run, so that it can crash, or in <c>memory</c>.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is no such disk.</exception>
    public static StoreOptions? Disk(Value text) => Set("disk", text).Store;

    /// <summary>How long the disk takes, as studies write it.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is written otherwise; the message says how.</exception>
    public static DeviceModel? Device(Value text) => Set("device", text).Device;

    /// <summary>How much of memory may be dirty, as studies write it.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is written otherwise; the message says how.</exception>
    public static DirtyLimits? Dirty(Value text) => Set("dirty", text).Dirty;

    private static readonly YamlScalar s_nowhere = new("", 0, 0);

    private static MachineOptions Set(string name, Value text)
    {
        var setting = MachineSetting.All.First(s => s.Name == name);
        return setting.Apply(new MachineOptions(), text.ToString()) ?? throw new ReflinkException(Errno.EINVAL, setting.Problem(text.ToString()));
    }

    private static Dictionary<string, Template> Options(IReadOnlyList<(string Name, Value Value)> options, IReadOnlyList<string> known)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.FirstOrDefault(option => !known.Contains(option.Name)).Name is { } unknown
            ? throw new ReflinkException(Errno.EINVAL, $"there is no option '{unknown}'; {Words.Known(unknown, known)}")
            : options.ToDictionary(option => option.Name, option => Template.Plain(option.Value.ToString(), s_nowhere), StringComparer.Ordinal);
    }

    private Value Ask(string function, params IReadOnlyList<Value> arguments) => Value.From(RunAnswers.Of(_context, function, [.. arguments.Select(argument => argument.Inner)]));
}
