using System.CommandLine;
using Reflink.Studies.Merging;

namespace Reflink.Cli.Merging;

/// <summary>Says which experiments on merging there are.</summary>
internal sealed class ListCommand : Command, IHasExamples
{
    public ListCommand()
        : base("list", "Lists the experiments.") => SetAction(_ => List());

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink ksm list", "what 'reflink ksm run' takes")];

    private static int List()
    {
        var width = StudyCatalog.All.Max(s => s.Name.Length);
        foreach (var study in StudyCatalog.All)
        {
            Console.Out.WriteLine($"{study.Name.PadRight(width)}  {study.Does}");
        }

        return ExitCode.Success;
    }
}
