using Iced.Intel;

namespace Reflink.Elf;

/// <summary>Which whole instructions a jump over each of some sites would replace.</summary>
internal sealed class JumpCover
{
    private readonly ElfFile _elf;
    private readonly CodeMap _map;
    private readonly Dictionary<ElfSegment, CodeReader> _readers = [];
    private readonly Dictionary<long, Coverage> _covers = [];

    internal JumpCover(ElfFile elf, IReadOnlyList<Site> sites)
    {
        _elf = elf;
        _map = new(elf);
        foreach (var site in sites)
        {
            _covers[site.Offset] = elf.CodeAtOffset(site.Offset) is { } load
                ? Cover(load, load.AddressOf(site.Offset))
                : Coverage.Not(SiteObstacle.NoCode, "is not code");
        }

        RefuseBranchTargets();
    }

    /// <summary>What a jump at the site replaces, other sites left aside.</summary>
    internal Coverage Of(Site site) => _covers[site.Offset];

    private Coverage Cover(ElfSegment load, ulong address)
    {
        if (_map.RegionAt(address) is not { } region)
        {
            return Coverage.Not(SiteObstacle.NoCode, "lies in no section of code");
        }

        var length = 0;
        while (length < JumpPatch.Size)
        {
            var at = address + (ulong)length;
            if (at < region.End && Reader(load).At(at) is var instruction && !instruction.IsInvalid)
            {
                length += instruction.Length;
            }
            else
            {
                return at >= region.End || Reader(load).WasCutOff
                    ? Leaves(region)
                    : Coverage.Not(SiteObstacle.Undecodable, $"undecodable {Bytes(length)} inside");
            }

            if (instruction.FlowControl != FlowControl.Next)
            {
                return Coverage.Not(
                    SiteObstacle.ControlFlow, $"{instruction.Mnemonic.ToString().ToLowerInvariant()} inside the {JumpPatch.Size} bytes");
            }
        }

        return TooShort(region, address, address + (ulong)length) ?? new(length);
    }

    /// <summary>Beyond a function lies another, or what the linker put between them; neither belongs to the site.</summary>
    private Coverage? TooShort(CodeRegion region, ulong start, ulong end)
    {
        var (before, after) = _map.Around(start);
        return end > region.End ? Leaves(region)
            : after is { } next && next.Address < end
                ? Coverage.Not(SiteObstacle.TooShort, $"runs into the function {next.Name ?? "without a name"} at 0x{_elf.OffsetOf(next.Address):x}")
            : before is { } holder && start - holder.Address < holder.Size && end - holder.Address > holder.Size
                ? Coverage.Not(SiteObstacle.TooShort, $"leaves the function {holder.Name ?? $"at 0x{_elf.OffsetOf(holder.Address):x}"}")
            : null;
    }

    private void RefuseBranchTargets()
    {
        var fits = new List<(long Offset, ulong Address, int Length)>();
        foreach (var (offset, cover) in _covers)
        {
            if (cover.Reason is null)
            {
                fits.Add((offset, _elf.CodeAtOffset(offset)!.Value.AddressOf(offset), cover.Length));
            }
        }

        var inside = fits.SelectMany(fit => Inside(fit.Length).Select(i => fit.Address + (ulong)i)).ToHashSet();
        var branches = new BranchSweep(_elf, _map, inside);
        foreach (var (offset, address, length) in fits)
        {
            var target = Inside(length).FirstOrDefault(i => branches.SourceOf(address + (ulong)i) is not null);
            if (target > 0)
            {
                _covers[offset] = Coverage.Not(
                    SiteObstacle.BranchTarget,
                    $"branch target {Bytes(target)} inside, from 0x{_elf.OffsetOf(branches.SourceOf(address + (ulong)target)!.Value):x}");
            }
        }
    }

    private CodeReader Reader(ElfSegment load)
    {
        if (!_readers.TryGetValue(load, out var reader))
        {
            _readers.Add(load, reader = new(_elf, load));
        }

        return reader;
    }

    /// <summary>All bytes but the first.</summary>
    private static IEnumerable<int> Inside(int length) => Enumerable.Range(1, length - 1);

    private static Coverage Leaves(CodeRegion region) =>
        Coverage.Not(SiteObstacle.TooShort, region.Name is { } name ? $"leaves the section {name}" : "leaves the segment");

    private static string Bytes(int count) => count == 1 ? "1 byte" : $"{count} bytes";
}
