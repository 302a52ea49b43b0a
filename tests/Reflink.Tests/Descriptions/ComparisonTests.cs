using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Units;

namespace Reflink.Tests.Descriptions;

public sealed class ComparisonTests
{
    private const int P = Page.Size;

    [Fact]
    public void Between_two_files_makes_the_second_from_the_first()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var edits = BuilderTests.Edited(seed, seed % 20);
            var description = ChangeDescription.Between(ByteSource.Of(edits.First), ByteSource.Of(edits.Flat));
            Assert.Equal(edits.Flat, BuilderTests.Read(description.Result([ByteSource.Of(edits.First)])));
        }
    }

    [Fact]
    public void Between_finds_what_moved_and_what_changed()
    {
        var bytes = new byte[50 * P];
        new Random(1).NextBytes(bytes);
        byte[] changed = [.. "front"u8, .. bytes[..(20 * P)], .. bytes[(21 * P)..(40 * P)], .. bytes[(30 * P)..]];
        changed[5000] ^= 1;
        var description = ChangeDescription.Between(ByteSource.Of(bytes), ByteSource.Of(changed));
        Assert.Equal(6, description.LiteralBytes);
        Assert.Equal(6, description.Count);
    }

    [Fact]
    public void Normalized_descriptions_are_equal_if_their_bytes_are()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var edits = BuilderTests.Edited(seed, 5);
            var one = edits.Builder.Build();
            var other = new ChangeDescription.Builder();
            foreach (var file in one.Bases)
            {
                other.AddBase(file);
            }

            // Only a copy of everything from each base, so that the bases stay, and then all bytes as data.
            foreach (var (index, file) in one.Bases.Index())
            {
                other.CloneRange(index, 0, file.Size, other.Size);
            }

            other.Insert(0, edits.Flat).Truncate(edits.Flat.Length);
            var (a, b) = (one.Normalize(edits.SourcesOf(one)), other.Build());
            if (b.Bases.Count == one.Bases.Count)
            {
                Assert.Equal(a.Id, b.Normalize(edits.SourcesOf(b)).Id);
            }

            Assert.Equal(a.Id, a.Normalize(edits.SourcesOf(a)).Id);
            Assert.Equal(edits.Flat, BuilderTests.Bytes(a, edits));
        }
    }

    [Fact]
    public void A_chain_of_descriptions_is_one_description_of_the_first_base()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var below = BuilderTests.Edited(seed, 1 + (seed % 7));
            var lower = below.Builder.Build((PreconditionKind)(seed % 4), below.Sources);
            if (below.Flat.Length == 0)
            {
                continue;
            }

            var above = new FlatEdits(seed, below.Flat, [1, 2, 3]);
            above.Edit();
            above.Edit();
            var upper = above.Builder.Build(seed % 2 == 0 ? PreconditionKind.Bytes : PreconditionKind.None, above.Sources);
            var index = upper.Bases.ToList().FindIndex(b => b.Name == "/first");
            if (index < 0)
            {
                continue;
            }

            var flat = upper.Over(lower.WithNames([.. lower.Bases.Select(b => "/below" + b.Name)]), index);
            IReadOnlyList<ByteSource> sources =
                [.. flat.Bases.Select(b => b.Name == "/donor" ? ByteSource.Of(new byte[] { 1, 2, 3 }) : b.Name == "/below/first" ? below.Sources[0] : below.Sources[1])];
            flat.Check(sources);
            Assert.Equal(above.Flat, BuilderTests.Read(flat.Result(sources)));
        }
    }

    [Fact]
    public void A_description_is_moved_to_a_version_whose_other_bytes_moved()
    {
        var bytes = new byte[20 * P];
        new Random(1).NextBytes(bytes);
        byte[] other = [.. bytes[..3000], .. "inserted"u8, .. bytes[3000..(9 * P)], .. bytes[((9 * P) + 100)..]];
        foreach (var kind in (PreconditionKind[])[PreconditionKind.Hash, PreconditionKind.Bytes])
        {
            ChangeDescription.Builder Edited(long size, long moved, long after) => new ChangeDescription.Builder(new DescribedBase(size, "/a"))
                .Write(1000, "early"u8).Write(5000 + moved, "later"u8).Insert((5 * P) + moved, "between"u8).Delete((15 * P) + 7 + after, 300).Append("end"u8);
            var description = Edited(bytes.Length, 0, 0).Build(kind, [ByteSource.Of(bytes)], context: 16);
            var expected = Edited(other.Length, 8, 8 - 100).Build(kind, [ByteSource.Of(other)], context: 16);
            Assert.Equal(expected.Id, description.Rebase(ByteSource.Of(other)).Id);
        }
    }

    [Fact]
    public void Where_moving_a_description_is_not_safe_the_place_is_named()
    {
        var bytes = new byte[4 * P];
        new Random(1).NextBytes(bytes);
        ChangeDescription Made(PreconditionKind kind, int context) =>
            new ChangeDescription.Builder(new DescribedBase(bytes.Length, "/a")).Write(5000, "x"u8).Build(kind, [ByteSource.Of(bytes)], context);
        byte[] changed = [.. bytes], twice = [.. bytes, .. bytes];
        changed[5000] ^= 1;

        Assert.Contains("byte 4984 (0x1378) of the base cannot be moved to the other version: what was expected there is nowhere", Refusal(Made(PreconditionKind.Hash, 16), changed));
        Assert.Contains("stands at 2 places", Refusal(Made(PreconditionKind.Bytes, 16), twice));
        Assert.Contains("stands at 2 places", Refusal(Made(PreconditionKind.Bytes, 16), [1, .. bytes, .. bytes]));
        Assert.Contains("expects nothing of the bytes around it", Refusal(Made(PreconditionKind.None, 0), bytes));
    }

    [Fact]
    public void The_root_of_a_content_depends_on_its_bytes_and_its_size_alone()
    {
        var bytes = FlatEdits.Bytes(new Random(3), 300 * P);
        var root = ContentRoot.Of(ByteSource.Of(bytes));
        Assert.Equal(root, ContentRoot.Of(new Sparse(bytes)));
        Assert.NotEqual(root, ContentRoot.Of(ByteSource.Of(bytes.AsMemory(0, bytes.Length - 1))));
        Assert.NotEqual(ContentRoot.Of(ByteSource.Of(new byte[1])), ContentRoot.Of(ByteSource.Of(new byte[2])));
        bytes[200 * P] ^= 1;
        Assert.NotEqual(root, ContentRoot.Of(ByteSource.Of(bytes)));
        Assert.Equal(64, ContentRoot.Of(new Sparse(new byte[P * 129])).Length);
        Assert.Equal(ContentRoot.Of(ByteSource.Of(new byte[P * 20_000])), ContentRoot.Of(new Sparse(new byte[P * 20_000])));
    }

    private static string Refusal(ChangeDescription description, byte[] other)
    {
        var refused = Assert.Throws<ReflinkException>(() => description.Rebase(ByteSource.Of(other)));
        Assert.Equal(Errno.EINVAL, refused.Error);
        return refused.Reason;
    }

    // Says of every page of zeroes that it is a hole.
    private sealed class Sparse(byte[] bytes) : ByteSource
    {
        public override long Length => bytes.Length;

        public override void Read(long offset, Span<byte> into) => bytes.AsSpan((int)offset, into.Length).CopyTo(into);

        public override long NextData(long offset)
        {
            var next = bytes.AsSpan((int)offset).IndexOfAnyExcept((byte)0);
            return next < 0 ? bytes.Length : offset + next;
        }
    }
}
