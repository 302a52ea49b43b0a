using System.CommandLine;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Studying;

/// <summary>Prints the JSON Schema of studies, with which editors complete and check them.</summary>
internal sealed class SchemaCommand : Command, IHasExamples
{
    public SchemaCommand()
        : base("schema", "Prints the JSON Schema of studies, with which editors complete and check them.") => SetAction(Run);

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink study schema > study.schema.json", "begin a study with: # yaml-language-server: $schema=study.schema.json")];

    private int Run(ParseResult line)
    {
        Console.Out.Write(ScenarioSchema.Text());
        return ExitCode.Success;
    }
}
