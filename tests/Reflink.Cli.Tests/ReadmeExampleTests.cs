using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Reflink.Cli.Tests;

/// <summary>Every command in the README of a stratum prints what is shown below it.</summary>
public sealed partial class ReadmeExampleTests
{
    private const string Prompt = "$ reflink ";

    public static TheoryData<string, string> Examples()
    {
        var examples = new TheoryData<string, string>();
        foreach (var readme in Directory.GetDirectories(Path.Combine(Root(), "src", "Reflink")).Select(s => Path.Combine(s, "README.md")).Where(File.Exists))
        {
            foreach (var block in Blocks().Matches(File.ReadAllText(readme)).Select(m => m.Groups["text"].Value))
            {
                if (block.StartsWith(Prompt, StringComparison.Ordinal))
                {
                    examples.Add(Path.GetRelativePath(Root(), readme), block);
                }
            }
        }

        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_command_prints_what_is_shown(string readme, string block)
    {
        var (command, shown) = (block[Prompt.Length..block.IndexOf('\n', StringComparison.Ordinal)], block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        var printed = Cli.Run([.. Words().Matches(command).Select(m => m.Value.Trim('\''))]).Succeeded().Output;
        Assert.True(printed == shown, $"{readme}: {command}\nprints\n{printed}and not\n{shown}");
    }

    [GeneratedRegex(@"^```\n(?<text>(?:(?!```).*\n)*)```$", RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Words();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
