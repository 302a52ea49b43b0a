using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios;

/// <summary>Writes a scenario as a program in C#.</summary>
internal sealed class ScenarioProgram(Scenario scenario, IReadOnlyList<(MachineSetting Setting, Template Value)> machine, IReadOnlyList<ScenarioAction> actions)
{
    // A comment wider than this is hard to read.
    private const int Width = 100;
    private const string Seed = "seed";

    private readonly CSharpNames _names = new(scenario.Parameters.Select(p => p.Name).Append(Seed));

    /// <summary>The text of the program.</summary>
    /// <exception cref="ReflinkException">EOPNOTSUPP: a formula cannot be written in C#; the message names the line.</exception>
    public string Write()
    {
        // The first time only for the names.
        Steps(new CSharpWriter(scenario.File, _names));
        _names.Decide();
        var writer = new CSharpWriter(scenario.File, _names);
        Comment(writer, $"The study {scenario.Name} as a program for the package Reflink.Studies, printed by 'reflink study show --csharp'. Its charts and the titles of its tables are left out.");
        foreach (var name in (string[])["System", "System.Linq", "Reflink", "Reflink.Studies.Programs", "Reflink.Studies.Scenarios"])
        {
            writer.Line($"using {name};");
        }

        writer.Line("");
        Comment(writer, scenario.About);
        writer.Line($"internal static class {ClassName()}");
        writer.Block(() =>
        {
            Main(writer);
            writer.Line("");
            writer.Line($"public static RunResult Run({string.Join(", ", scenario.Parameters.Select(p => p.Name).Append(Seed).Select(name => $"Value {_names.Read(name)}"))})");
            writer.Block(() =>
            {
                Machine(writer);
                writer.Line("");
                Steps(writer);
                writer.Line("");
                writer.Line("return lab.End();");
            });
        });
        return writer.Text;
    }

    private void Steps(CSharpWriter writer)
    {
        foreach (var action in actions)
        {
            action.Write(writer);
        }
    }

    private void Main(CSharpWriter writer)
    {
        writer.Line("private static void Main()");
        writer.Block(() =>
        {
            Comment(writer, "The study runs every combination of these values; this runs the first.");
            foreach (var parameter in scenario.Parameters)
            {
                Variable(writer, parameter.Name, [.. parameter.Texts.Select(CSharpWriter.Meaning)], parameter.About);
            }

            Variable(writer, Seed, [.. scenario.Seeds.Select(seed => CSharpExpression.Literal(seed).Text)], "");
            writer.Line($"var result = Run({string.Join(", ", scenario.Parameters.Select(p => p.Name).Append(Seed).Select(_names.Read))});");
            Each(writer, "var (name, found) in result.Values", "$\"{name}: {found}\"");
            if (scenario.Tables.Count > 0)
            {
                Each(writer, "var row in result.Rows", "$\"{row.Table}: {string.Join(\", \", row.Cells.Select(cell => $\"{cell.Key} {cell.Value}\"))}\"");
            }

            Each(writer, "var note in result.Notes", "note");
        });
    }

    private void Variable(CSharpWriter writer, string name, IReadOnlyList<string> values, string about)
    {
        var line = $"Value {_names.Read(name)} = {values[0]};";
        var others = values.Count > 1 ? $"or {string.Join(", ", values.Skip(1))}" : "";
        Comment(writer, about);
        if (others.Length > 0 && line.Length + others.Length < Width)
        {
            writer.Line($"{line}    // {others}");
        }
        else
        {
            Comment(writer, others);
            writer.Line(line);
        }
    }

    private static void Each(CSharpWriter writer, string what, string line)
    {
        writer.Line("");
        writer.Line($"foreach ({what})");
        writer.Block(() => writer.Line($"Console.WriteLine({line});"));
    }

    private void Machine(CSharpWriter writer)
    {
        writer.Line(machine.Count == 0 ? "var options = new MachineOptions();" : "var options = new MachineOptions");
        if (machine.Count > 0)
        {
            writer.Block(() =>
            {
                foreach (var (setting, value) in machine)
                {
                    writer.Line($"{setting.Member} = {Setting(writer, setting, value)},");
                }
            },
            "};");
        }

        var measures = scenario.Metrics.Count == 0 ? "" : $", measures: [{string.Join(", ", scenario.Metrics.Select(CSharpExpression.Quoted))}]";
        writer.Line($"using var lab = new Laboratory(options, (long)seed{measures}{(scenario.Every is { } every ? $", every: {CSharpExpression.Literal(every).Text}" : "")});");
    }

    private string Setting(CSharpWriter writer, MachineSetting setting, Template value) => value switch
    {
        _ when value.Parts.Any(part => part.Formula is { AsksRun: true }) =>
            throw new ReflinkException(Errno.EOPNOTSUPP, $"{scenario.File}:{value.At.Line}: '{setting.Name}' asks a machine that is not made yet, so no program can be printed; use a parameter"),
        { IsFixed: true } => setting.Fixed(string.Concat(value.Parts.Select(part => part.Text))),
        { Parts: [(_, { } formula)] } => setting.Computed(writer.Expression(formula, value.At).AsValue().Within(CSharpExpression.Primary)),
        _ => setting.Computed($"((Value){writer.String(value)})"),
    };

    private string ClassName()
    {
        var name = string.Concat(scenario.Name.Split('-', '_', '.').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return char.IsAsciiDigit(name[0]) ? $"Study{name}" : $"{name}Study";
    }

    private static void Comment(CSharpWriter writer, string text)
    {
        var line = "//";
        foreach (var word in text.Split([' ', '\n', '\r', '\u0085', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 2 && line.Length + 1 + word.Length > Width)
            {
                writer.Line(line);
                line = "//";
            }

            line += $" {word}";
        }

        if (line.Length > 2)
        {
            writer.Line(line);
        }
    }
}
