using System.CommandLine;
using Reflink.Cli.Describing;
using Reflink.Studies;

namespace Reflink.Cli.Volumes;

/// <summary>Makes a file of a description, and turns such a file into an ordinary one.</summary>
internal static class DeriveVerb
{
    /// <summary>The command <c>volume derive</c>.</summary>
    /// <param name="path">What a path is.</param>
    /// <param name="told">Says what a file is like.</param>
    public static VolumeVerb Derive(string path, Func<Machine, string, VolumeAnswer> told)
    {
        var from = OptionKinds.Stream("--from", "The description, in any format, or a patch set; a dash is standard input");
        from.Required = true;
        var also = new Option<string[]>("--base") { Description = "The path of base 1, of base 2 and so on, if the names in the description are not theirs", HelpName = "PATH" };
        var verb = new VolumeVerb(
            "derive", "Makes a file as a description says: it exists at once, shares what is unchanged, and its changed pages are made when they are read.",
            ("disk /lib.so /lib-traced.so --from changes.json", "a variant that costs its changes"), ("BASE", $"{path}: the file that the description begins with"), ("PATH", path));
        verb.Options.Add(from);

        // What is piped in may come from a command that works on this volume: it is read before the volume is opened.
        byte[]? read = null;
        verb.Before = line => read = DescriptionInput.ReadBytes(line.GetValue(from)!);
        verb.Options.Add(also);
        return verb.With(StoreUse.Durable, (machine, a, line, _) =>
        {
            string[] bases = [a[0], .. line.GetValue(also) ?? []];
            var description = DescriptionInput.Parse(read!, line.GetValue(from)!, (number, name) => machine.Volume.Stat(number < bases.Length ? bases[number] : name ?? a[0]).Size);
            string[] named = [.. Enumerable.Range(0, 1 + description.Origins.DefaultIfEmpty().Max()).Select(o => o < bases.Length ? bases[o] : NameOf(description, o) ?? a[0])];
            machine.Volume.Derive(description, a[1], DescriptionInput.InOrder(description, named));
            return told(machine, a[1]);
        });
    }

    private static string? NameOf(ChangeDescription description, int origin) =>
        description.Bases.Where((_, i) => description.Origins[i] == origin).Select(b => b.Name).FirstOrDefault();

    /// <summary>The command <c>volume materialize</c>.</summary>
    public static VolumeVerb Materialize(string path) => new VolumeVerb(
        "materialize", "Gives a file blocks of its own in place of pages that are made on demand, so that it depends on no other.", ("disk /lib-traced.so", "an ordinary file again"), ("PATH", path))
        .With(StoreUse.Durable, (machine, a) =>
        {
            var pages = machine.Volume.Materialize(a[0]);
            return new(new { pages }, $"{Counted.Of(pages, "page was", "pages were")} made");
        });
}
