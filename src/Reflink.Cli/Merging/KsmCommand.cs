using System.CommandLine;
using Reflink.Studies.Merging;

namespace Reflink.Cli.Merging;

/// <summary>Experiments on samepage merging, and why memory does not merge.</summary>
internal sealed class KsmCommand : Command, IHasExamples
{
    public KsmCommand()
        : base("ksm", "Runs experiments on samepage merging, and tells why memory does not merge.")
    {
        Subcommands.Add(new RunCommand());
        Subcommands.Add(List());
        Subcommands.Add(new ExplainCommand());
    }

    public IReadOnlyList<(string Line, string Does)> Examples =>
        [.. Subcommands.OfType<IHasExamples>().Select(command => command.Examples[0])];

    private static Command List()
    {
        var list = new Command("list", "Lists the experiments.");
        list.SetAction(_ =>
        {
            var width = StudyCatalog.All.Max(s => s.Name.Length);
            foreach (var study in StudyCatalog.All)
            {
                Console.Out.WriteLine($"{study.Name.PadRight(width)}  {study.Does}");
            }

            return ExitCode.Success;
        });
        return list;
    }
}
