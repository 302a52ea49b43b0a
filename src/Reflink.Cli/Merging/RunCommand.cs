using System.CommandLine;
using Reflink.Studies.Merging;

namespace Reflink.Cli.Merging;

/// <summary>The experiments, each a command with options of its own.</summary>
internal sealed class RunCommand : Command, IHasExamples
{
    public RunCommand()
        : base("run", "Runs an experiment on new machines and prints its figures.")
    {
        foreach (var study in StudyCatalog.All)
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
