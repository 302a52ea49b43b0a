using Reflink.Patching;
using Reflink.Patching.Sets;

namespace Reflink.Tests.Patching;

public sealed class PatchedPagesTests : IDisposable
{
    private const int P = Page.Size;
    private readonly Machine _machine = new();
    private readonly byte[] _bytes = new byte[(6 * P) + 100];

    public PatchedPagesTests()
    {
        new Random(4).NextBytes(_bytes);
        using var file = _machine.Volume.Create("/file");
        file.Write(0, _bytes);
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Neighbouring_pages_are_one_run_and_hold_the_patched_bytes()
    {
        // Page 0; pages 2 and 3 by an entry across their border; the last page, which ends with the file.
        var set = Changing((5, 1), (7, 2), ((3 * P) - 2, 4), ((6 * P) + 99, 1));
        var runs = PatchedPages.Create(_machine.Volume, "/file", "/delta", set);

        Assert.Equal(
            [new(new(new(0), 1), 0), new(new(new(2), 2), P), new(new(new(6), 1), 3 * P)],
            runs);
        using var delta = _machine.Volume.Open("/delta");
        Assert.Equal(4 * P, delta.Size);
        foreach (var run in runs)
        {
            var length = (int)Math.Min(run.Pages.Length * P, _bytes.Length - run.Pages.Start.Offset);
            var found = new byte[run.Pages.Length * P];
            delta.Read(run.Offset, found);
            Assert.Equal(_bytes.AsSpan((int)run.Pages.Start.Offset, length), found.AsSpan(0, length));
            Assert.False(found.AsSpan(length).ContainsAnyExcept((byte)0));
        }

        Fsck.Require(_machine);
    }

    [Fact]
    public void A_set_that_does_not_fit_leaves_no_file()
    {
        var set = new PatchSetBuilder().Add(10, [(byte)(_bytes[10] ^ 1)], [(byte)(_bytes[10] ^ 2)]).Build();

        Assert.Throws<PatchRefusedException>(() => PatchedPages.Create(_machine.Volume, "/file", "/delta", set));
        Assert.Equal(["file"], _machine.Volume.List("/").Select(e => e.Name));
    }

    // Changes the flat copy as well.
    private PatchSet Changing(params (int Offset, int Length)[] entries)
    {
        var builder = new PatchSetBuilder();
        foreach (var (offset, length) in entries)
        {
            var old = _bytes[offset..(offset + length)];
            var changed = old.Select(b => unchecked((byte)(b + 1))).ToArray();
            builder.Add(offset, old, changed);
            changed.CopyTo(_bytes, offset);
        }

        return builder.Build();
    }
}
