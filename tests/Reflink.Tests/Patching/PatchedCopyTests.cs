using Reflink.Patching;

namespace Reflink.Tests.Patching;

public sealed class PatchedCopyTests
{
    private const int Chunk = 1 << 20;

    [Fact]
    public void Entries_across_the_ends_of_what_is_copied_at_once_are_whole()
    {
        using var machine = new Machine();
        var bytes = new byte[(3 * Chunk) + 77];
        new Random(3).NextBytes(bytes);
        using var file = machine.Volume.Create("/file");
        file.Write(0, bytes);
        var builder = new PatchSetBuilder();

        // The last but one spans a whole chunk and parts of its neighbours.
        foreach (var (offset, length) in new[] { (0, 1), (77, 5), (Chunk - 4, 9), ((2 * Chunk) - 1, Chunk + 2), (bytes.Length - 1, 1) })
        {
            var old = bytes[offset..(offset + length)];
            var changed = old.Select(b => (byte)(b ^ 0xff)).ToArray();
            builder.Add(offset, old, changed);
            changed.CopyTo(bytes, offset);
        }

        PatchedCopy.Create(machine.Volume, "/file", "/copy", builder.Build());
        using var copy = machine.Volume.Open("/copy");
        var found = new byte[copy.Size];
        copy.Read(0, found);
        Assert.Equal(bytes, found);
    }
}
