using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Cli.Sites;
using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Cli.Compare;

/// <summary>Which sites of which binary get which patch.</summary>
internal sealed class SiteChoice(Option<string?> binary, Option<string> kind, Option<int> spread)
{
    /// <summary>What is written over each site.</summary>
    public Option<string> Patch { get; } = PatchKindNames.Option("What is written over each site; those that take no jump are left out and counted", PatchKind.Int3);

    /// <summary>Sites by name.</summary>
    public Option<string[]> Named { get; } = new("--site")
    {
        Description = "A site instead of --sites, and more of them: PATH:PROVIDER:NAME, PATH:SYMBOL+OFF or PATH:0xFILEOFFSET, with * and ? in names; without PATH beside --binary",
        HelpName = "SPEC",
    };

    /// <summary>Options that say the same thing twice.</summary>
    public void Validate(CommandResult result, Option patches)
    {
        foreach (var option in new Option[] { kind, spread, Named, Patch })
        {
            if (result.IsGiven(patches) && result.IsGiven(option))
            {
                result.AddError($"{patches.Name} and {option.Name} both say what to patch; give one of them");
            }
        }

        if (result.IsGiven(Named) && result.IsGiven(kind))
        {
            result.AddError($"{Named.Name} and {kind.Name} both say what to patch; give one of them");
        }

        foreach (var token in result.GetResult(Named)?.Tokens.Where(token => result.IsGiven(binary) && token.Value.Contains('/', StringComparison.Ordinal)) ?? [])
        {
            result.AddError($"{Named.Name} '{token.Value}' and {binary.Name} both name a file; leave one of them out");
        }

        result.GetResult(Named)?.RefuseOptions(Named.Name);
    }

    /// <summary>The binary and its sites; none are looked for if the patches are known.</summary>
    public (ElfFile Elf, IReadOnlyList<Site> Sites) Find(ParseResult line, bool hasPatches)
    {
        var named = line.GetValue(Named) is { Length: > 0 } texts ? texts : null;
        var path = line.GetValue(binary);
        if (named is not null && path is null)
        {
            var (elf, sites) = TypedSites.Find(named);
            return (elf, Spread(line, sites, isUsual: false));
        }

        var file = TypedSites.Open(path ?? DefaultBinary.Find());
        return (file, hasPatches ? [] : named is null ? OfKind(line, file) : Spread(line, TypedSites.Find(file, named), isUsual: false));
    }

    /// <summary>The patches for the sites that take one; of the others a line tells.</summary>
    public PatchSet Make(ParseResult line, ElfFile elf, IReadOnlyList<Site> sites, Action<string> remark)
    {
        var plan = SitePatches.Plan(elf, sites, PatchKindNames.Parse(line.GetValue(Patch)!));
        if (PatchKindNames.LeftOut(plan) is { } leftOut)
        {
            var listing = $"'reflink sites {elf.Path} --patch {PatchKindNames.Of(plan.Kind)}'";
            if (plan.Taken.Count == 0)
            {
                throw new ReflinkException(Errno.EINVAL, $"{leftOut}; take other sites or another --patch, see {listing}");
            }

            remark($"{leftOut}; see {listing}");
        }

        return plan.Patches;
    }

    private IReadOnlyList<Site> OfKind(ParseResult line, ElfFile elf)
    {
        var wanted = SiteKindNames.Parse(line.GetValue(kind)!);
        var all = SiteFinder.Find(elf, wanted, out var unusable);
        LeftOut.Tell(wanted, unusable);
        return all.Count > 0 ? Spread(line, all, isUsual: wanted == SiteKind.Functions) : throw new ReflinkException(
            Errno.ENOEXEC, $"'{elf.Path}' has no {SiteFinder.Source(wanted)}; name another binary, or other --sites");
    }

    /// <summary>Functions are spread, because there are too many of them; whoever asks for probes or names sites means all.</summary>
    private IReadOnlyList<Site> Spread(ParseResult line, IReadOnlyList<Site> sites, bool isUsual) =>
        isUsual || line.CommandResult.IsGiven(spread) ? FunctionSites.Spread(sites, line.GetValue(spread)) : sites;
}
