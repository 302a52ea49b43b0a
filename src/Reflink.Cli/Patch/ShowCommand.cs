using System.CommandLine;
using System.Globalization;
using System.Text;
using Reflink.Patching.Sets;
using Reflink.Studies;

namespace Reflink.Cli.Patch;

/// <summary>Prints a patch set for people.</summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.File("FILE", "A patch-set file, text or JSON");

    public ShowCommand()
        : base("show", "Shows which file a patch set is for, its identity, and what it changes.")
    {
        Arguments.Add(_file);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
        [("reflink patch show some.patches", "what the set is for and every patch of it")];

    private int Run(ParseResult line)
    {
        Console.Out.Write(Describe(PatchFiles.Read(line.GetValue(_file)!)));
        return ExitCode.Success;
    }

    private static string Describe(PatchSet set)
    {
        var target = set.Target;
        var text = new StringBuilder();
        text.Append(set.Label is { } label ? $"name      {label}\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"file      {target.FileName ?? "not named"}\n");
        text.Append(CultureInfo.InvariantCulture, $"build-id  {target.BuildId ?? "none"}\n");
        text.Append(CultureInfo.InvariantCulture, $"size      {(target.FileSize is { } size ? Counted.Of(size, "byte") : "unknown")}\n");
        text.Append(target.Content is { } content ? $"sha256    {content}\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"id        {set.Id}\n");
        text.Append(CultureInfo.InvariantCulture, $"patches   {set.Count:n0}\nbytes     {set.ByteCount:n0}\npages     {set.CountPages():n0}\n");
        var width = Enumerable.Range(0, set.Count).Select(i => 2 * set.Old(i).Length).Append(3).Max();
        if (set.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nfile offset  {"old".PadRight(width)}  {"new".PadRight(width)}  name\n");
        }

        for (var i = 0; i < set.Count; i++)
        {
            var (old, @new) = (Convert.ToHexStringLower(set.Old(i)), Convert.ToHexStringLower(set.New(i)));
            text.Append(CultureInfo.InvariantCulture, $"{$"0x{set.Offset(i):x}",11}  {old.PadRight(width)}  {@new.PadRight(width)}  {set.Name(i) ?? "-"}\n");
        }

        return text.ToString();
    }
}
