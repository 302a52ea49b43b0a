using Reflink.Patching.Sets;

namespace Reflink.Elf;

/// <summary>Makes one patch a site, in order of offset, and sorts out the sites that do not take theirs.</summary>
internal sealed class SitePlanner(ElfFile elf, PatchKind kind, string? label)
{
    private readonly PatchSetBuilder _builder = new(new PatchTarget(elf.Path, elf.BuildId, elf.Size, elf.Content)) { Label = label };
    private readonly LoadRelocations _relocations = new(elf);
    private readonly List<Site> _taken = [];
    private readonly List<SiteMisfit> _misfits = [];
    private int _lastLength;

    /// <summary>Plans the patches.</summary>
    /// <param name="sites">The sites, in order of offset.</param>
    /// <param name="cover">What a patch of each replaces.</param>
    /// <param name="patch">The bytes that stand there afterwards, for a length.</param>
    internal SitePlan Plan(IEnumerable<Site> sites, Func<Site, Coverage> cover, Func<int, byte[]> patch)
    {
        foreach (var site in sites)
        {
            var coverage = cover(site);
            coverage = coverage.Reason is null ? CheckPlace(site, coverage) : coverage;
            if (coverage.Reason is { } reason)
            {
                _misfits.Add(new(site, coverage.Obstacle, reason));
                continue;
            }

            _builder.Add(site.Offset, elf.Read(site.Offset, coverage.Length), patch(coverage.Length), site.Name);
            _taken.Add(site);
            _lastLength = coverage.Length;
        }

        return new(elf, kind, _builder.Build(), _taken, _misfits);
    }

    /// <summary>The earlier of two that overlap stays. Sites at one place, such as two names of a probe, are one patch.</summary>
    private Coverage CheckPlace(Site site, Coverage coverage)
    {
        if (_relocations.Inside(site.Offset, coverage.Length) is { } relocation)
        {
            return Coverage.Not(SiteObstacle.Relocated, $"a relocation writes to 0x{relocation:x} when the program is loaded");
        }

        if (_taken.Count > 0 && _taken[^1] is var last && site.Offset != last.Offset && site.Offset < last.Offset + _lastLength)
        {
            return Coverage.Not(SiteObstacle.Overlap, $"overlaps the patch of {last.Name ?? "a site"} at 0x{last.Offset:x}");
        }

        return coverage;
    }
}
