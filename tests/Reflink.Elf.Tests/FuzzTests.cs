using System.Runtime.InteropServices;
using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Whatever the bytes, the only exception is ours.</summary>
public sealed class FuzzTests
{
    private static readonly byte[] s_interesting = [0, 1, 0x7f, 0x80, 0xff, 8, 0x10];

    private static readonly SiteKind[] s_listed = [SiteKind.Sdt, SiteKind.Patchable, SiteKind.Xray];

    /// <summary>Each kind by itself: nothing else in the file can be accepted instead.</summary>
    [Theory]
    [InlineData(SiteKind.Sdt)]
    [InlineData(SiteKind.Patchable)]
    [InlineData(SiteKind.Xray)]
    public void A_table_of_sites_with_any_bytes_changed_gives_sites_or_our_failure(SiteKind kind)
    {
        var bytes = Tables.All().Build();
        Assert.NotEmpty(SiteFinder.Find(ElfFile.FromBytes("whole", bytes), kind));
        var (random, accepted, refused) = (new Random(5), 0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var mutant = bytes.ToArray();
            mutant[MadeElf.FirstExtra + random.Next(0x200)] = Value(random);
            mutant[MadeElf.SectionsOffset + random.Next(0x400)] = Value(random);
            _ = IsAccepted(mutant, kind) ? accepted++ : refused++;
        }

        Assert.True(accepted > 100, $"{accepted} of 3000 mutants were accepted: the mutations are too coarse to reach the tables");
        Assert.True(refused > 100, $"{refused} of 3000 mutants were refused: the mutations reach nothing");
    }

    [Fact]
    public void A_made_file_with_any_bytes_changed_gives_sites_or_our_failure() => Fuzz(Everything(hasSections: true), 0x1c00, 3000);

    [Fact]
    public void A_made_file_without_sections_with_its_tables_changed_gives_sites_or_our_failure() =>
        Fuzz(Everything(hasSections: false), 0x500, 3000);

    [Fact]
    public void A_real_file_with_its_headers_changed_gives_sites_or_our_failure() => Fuzz(Real(), 0x400, 200);

    [Fact]
    public void A_real_file_with_any_bytes_changed_gives_sites_or_our_failure() => Fuzz(Real(), int.MaxValue, 200);

    [Fact]
    public void A_real_file_cut_anywhere_gives_sites_or_our_failure()
    {
        var bytes = Real();
        var random = new Random(3);
        var refused = Enumerable.Range(0, 100).Count(_ => !IsAccepted(bytes[..random.Next(bytes.Length)]));

        Assert.Equal(100, refused);
    }

    private static void Fuzz(byte[] bytes, int within, int rounds)
    {
        Assert.True(IsAccepted(bytes));
        var random = new Random(1);
        var (accepted, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var mutant = bytes.ToArray();
            for (var change = random.Next(1, 9); change > 0; change--)
            {
                mutant[random.Next(Math.Min(within, mutant.Length))] = Value(random);
            }

            _ = IsAccepted(mutant) ? accepted++ : refused++;
        }

        Assert.True(accepted > 0, "no mutant was accepted: the mutations are too coarse to reach the tables");
        Assert.True(refused > 0, "no mutant was refused: the mutations reach nothing");
    }

    private static bool IsAccepted(byte[] bytes, SiteKind kind)
    {
        try
        {
            return HasSites(ElfFile.FromBytes("mutant", bytes), elf => SiteFinder.Find(elf, kind));
        }
        catch (ReflinkException)
        {
            return false;
        }
    }

    private static byte Value(Random random) =>
        random.Next(2) == 0 ? s_interesting[random.Next(s_interesting.Length)] : (byte)random.Next(256);

    private static bool IsAccepted(byte[] bytes)
    {
        try
        {
            var elf = ElfFile.FromBytes("mutant", bytes);
            return Array.FindAll(Enum.GetValues<SiteSource>(), source => HasSites(elf, e => FunctionSites.Find(e, source))).Length
                + Array.FindAll(s_listed, kind => HasSites(elf, e => SiteFinder.Find(e, kind))).Length > 0;
        }
        catch (ReflinkException)
        {
            return false;
        }
    }

    private static bool HasSites(ElfFile elf, Func<ElfFile, IReadOnlyList<Site>> find)
    {
        try
        {
            var sites = find(elf);
            Assert.True(sites.All(site => elf.IsExecutable(site.Offset) && elf.IsExecutable(site.Offset + site.Size - 1)));
            BreakpointPatch.Make(elf, sites);
            return sites.Count > 0;
        }
        catch (ReflinkException)
        {
            return false;
        }
    }

    private static byte[] Real() => File.ReadAllBytes(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so"));

    private static byte[] Everything(bool hasSections)
    {
        var frames = new MadeFrames();
        var cie = frames.Cie("zPLR", [0x9b, 1, 2, 3, 4, 0x1b, 0x1b]);
        var index = new List<byte>([1, 0x1b, 3, 0x3b, .. Relative(MadeElf.FramesAddress - 4), 8, 0, 0, 0]);
        for (var i = 0ul; i < 8; i++)
        {
            index.AddRange([.. Relative(MadeElf.TextAddress + (i * 0x20)), .. Relative(frames.Here)]);
            frames.Fde(cie, MadeElf.TextAddress + (i * 0x20), 0x20);
        }

        return new MadeElf
        {
            BuildId = [1, 2, 3, 4],
            HasSections = hasSections,
            FrameIndex = [.. index],
            Frames = frames.End().Bytes,
            Symbols = { new("one", MadeElf.TextAddress, 8), new("two", MadeElf.TextAddress + 8, 8) },
            DynamicSymbols = { new("one", MadeElf.TextAddress, 8) },
        }.Build();
    }

    private static byte[] Relative(ulong address) => BitConverter.GetBytes((int)address - (int)MadeElf.TableAddress - MadeElf.IndexOffset);
}
