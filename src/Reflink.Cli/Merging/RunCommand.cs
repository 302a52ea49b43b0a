using System.CommandLine;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Merging;

/// <summary>The experiments, each a command with options of its own.</summary>
internal sealed class RunCommand : Command, IHasExamples
{
    /// <summary>The studies that come with the program and are experiments on merging, in the order of lists.</summary>
    public static IReadOnlyList<Scenario> Studies =>
        [.. ((IEnumerable<string>)["smart-scan-starvation", "code-patching", "vm-fleet", "partitions", "cow-storm", "sensitive", "attacker"]).Select(ShippedStudies.Get)];

    public RunCommand(IReadOnlyList<Scenario> experiments)
        : base("run", "Runs an experiment on new machines and prints its figures.")
    {
        foreach (var study in experiments)
        {
            Subcommands.Add(new StudyCommand(study));
        }
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink ksm run smart-scan-starvation", "equal pages that never meet, and a repair"),
        ("reflink ksm run code-patching --pages 63", "patched code merged by ksmd as set at first, set fast, and on request"),
        ("reflink ksm run vm-fleet --guests 20 --common 80", "twenty guests that have four fifths of their pages in common"),
        ("reflink ksm run partitions --json", "memory saved against users exposed, for a program to read"),
        ("reflink ksm run cow-storm", "all merged pages written at once"),
        ("reflink ksm run sensitive", "two partitions, made by control files, and what an attacker learns"),
        ("reflink ksm run attacker", "a page guessed by the time that writes take, under every form and with defences"),
    ];
}
