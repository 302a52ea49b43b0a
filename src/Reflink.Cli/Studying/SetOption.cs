using System.CommandLine;

namespace Reflink.Cli.Studying;

/// <summary>Other values of a study's parameters: <c>--set NAME=VALUE,VALUE</c>, for several parameters if it is given several times.</summary>
internal sealed class SetOption : Option<string[]>
{
    public SetOption(string description)
        : base("--set")
    {
        Description = description;
        HelpName = "NAME=VALUES";
        DefaultValueFactory = _ => [];
        Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => Split(t.Value).Key is null || Split(t.Value).Value.Any(v => v.Length == 0)))
            {
                result.AddError($"--set takes NAME=VALUE or NAME=VALUE,VALUE such as memory=1MiB,2MiB; not '{token.Value}'");
            }
        });
    }

    /// <summary>The names, and the values of each.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Values(ParseResult line) => line.GetValue(this)!.Select(Split);

    private static KeyValuePair<string, IReadOnlyList<string>> Split(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var at and > 0 && at < text.Length - 1 ? new(text[..at].Trim(), text[(at + 1)..].Split(',', StringSplitOptions.TrimEntries)) : default;
}
