using System.Globalization;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>What the functions of formulas give in a run (<see cref="RunFunctions"/>).</summary>
internal static class RunAnswers
{
    /// <exception cref="ReflinkException">There is no such process, mapping or file, or the arguments are none that the function takes.</exception>
    public static object Of(ActionContext context, string function, IReadOnlyList<object> arguments) => (function, arguments) switch
    {
        ("address", [string name, string process]) => context.Bench.Mapping(name, process).Address,
        ("concat", [_, ..]) => string.Concat(arguments.Select(Formula.Show)),
        ("control", [string file]) => Formula.Meaning(context.Bench.Machine.Control[MergeSteps.PathOf(file)].TrimEnd()),
        ("frame", [string name, string process, long page]) => context.Bench.FrameOf(context.Bench.Mapping(name, process), page) is { } frame ? (long)frame.Value : -1L,
        ("hex", [long number]) => number.ToString("x", CultureInfo.InvariantCulture),
        ("members", [string name]) => context.Bench.Machine.Ksm.Partitions.Where(p => p.Name == name).Sum(p => (long)p.Members.Count()),
        ("pid", [string process]) => (long)context.Bench.Running(process).Id.Value,
        ("random", [long and > 0 and var below]) => context.Random(below),
        ("random", [_]) => throw new ReflinkException(Errno.EINVAL, "random() takes a whole number above 0"),
        _ => throw new ReflinkException(Errno.EINVAL, $"{function}() does not take ({string.Join(", ", arguments.Select(Formula.Show))}); write it {Usage(function)}, with names in '...'"),
    };

    private static string Usage(string function) => RunFunctions.All.First(f => f.Usage.StartsWith($"{function}(", StringComparison.Ordinal)).Usage;
}
