using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;
using Reflink.Tests.Files;
using Reflink.Units;

namespace Reflink.Tests.Descriptions;

public sealed class BuilderTests
{
    private const int P = Page.Size;

    [Fact]
    public void Random_edits_make_the_bytes_that_they_make_on_a_list()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var edits = Edited(seed, 1 + (seed % 30));
            var description = edits.Builder.Build();
            Assert.Equal(edits.Flat, Bytes(description, edits));
        }
    }

    [Fact]
    public void Edits_of_the_same_effect_are_the_same_description()
    {
        var start = new DescribedBase(10 * P, "/a");
        string Id(Func<ChangeDescription.Builder, ChangeDescription.Builder> edit) => edit(new(start)).Build().Id;

        var whole = Id(b => b.Write(100, "abcd"u8));
        Assert.Equal(whole, Id(b => b.Write(102, "cd"u8).Write(100, "ab"u8)));
        Assert.Equal(whole, Id(b => b.Write(100, "xxxx"u8).Write(100, "abcd"u8)));
        Assert.Equal(whole, Id(b => b.Delete(100, 4).Insert(100, "abcd"u8)));
        Assert.Equal(whole, Id(b => b.Insert(50, "more"u8).Write(104, "abcd"u8).Delete(50, 4)));
        Assert.Equal(Id(b => b.Punch(P, 2 * P)), Id(b => b.Write(P, new byte[2 * P])));
        Assert.Equal(Id(b => b.Fill(7, 20, 65)), Id(b => b.Write(7, "AAAAAAAAAA"u8).Fill(17, 10, 65)));
        Assert.NotEqual(whole, Id(b => b.Write(101, "abcd"u8)));
    }

    [Fact]
    public void Only_whole_pages_of_zeroes_are_holes_and_short_stretches_are_data()
    {
        var description = new ChangeDescription.Builder(new DescribedBase(4 * P)).Zero(P - 6, (2 * P) + 26).Append("end"u8).Truncate((4 * P) + 100).Build();
        Assert.Equal(
            [
                $"[0,{P - 6}) copy 0:[0,{P - 6})",
                $"[{P - 6},{P}) data 000000000000",
                $"[{P},{3 * P}) hole",
                $"[{3 * P},{(3 * P) + 20}) fill 00",
                $"[{(3 * P) + 20},{4 * P}) copy 0:[{(3 * P) + 20},{4 * P})",
                $"[{4 * P},{(4 * P) + 3}) data 656e64",
                $"[{(4 * P) + 3},{(4 * P) + 100}) fill 00",
            ],
            Enumerable.Range(0, description.Count).Select(i => description[i].ToString()));
    }

    [Fact]
    public void The_canonical_form_does_not_depend_on_how_literal_bytes_are_cut()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bytes = FlatEdits.Bytes(random, 3 * P);
            var whole = new ChangeDescription.Builder().Append(bytes).Build();
            var parts = new ChangeDescription.Builder();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(random.Next(1, 50), bytes.Length - at);
                var same = bytes.AsSpan(at, length).IndexOfAnyExcept(bytes[at]) < 0;
                _ = same ? parts.Fill(parts.Size, length, bytes[at]) : parts.Append(bytes.AsSpan(at, length));
                at += length;
            }

            Assert.Equal(whole.Id, parts.Build().Id);
            Assert.Equal(bytes, Read(whole.Result([])));
        }
    }

    [Fact]
    public void Edits_that_reach_out_of_the_file_or_the_base_are_EINVAL()
    {
        static Errno? Of(Func<ChangeDescription.Builder, object> edit) => Errors.Of(() => edit(new(new DescribedBase(2 * P, "/a"))));

        Assert.Equal(Errno.EINVAL, Of(b => b.Insert((2 * P) + 1, "x"u8)));
        Assert.Equal(Errno.EINVAL, Of(b => b.Delete(P, P + 1)));
        Assert.Equal(Errno.EINVAL, Of(b => b.Delete(-1, 1)));
        Assert.Equal(Errno.EINVAL, Of(b => b.Collapse(0, 100)));
        Assert.Equal(Errno.EINVAL, Of(b => b.Collapse(P, P)));
        Assert.Equal(Errno.EINVAL, Of(b => b.InsertHole(2 * P, P)));
        Assert.Equal(Errno.EINVAL, Of(b => b.CloneRange(0, P, P + 1, 0)));
        Assert.Equal(Errno.EINVAL, Of(b => b.CloneRange(1, 0, 1, 0)));
        Assert.Equal(Errno.EFBIG, Of(b => b.Write(DescriptionLimits.MaxSize, "x"u8)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => new ChangeDescription.Builder(new DescribedBase(-1))));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => new ChangeDescription.Builder(new DescribedBase(1, Root: "abc"))));
    }

    [Fact]
    public void Preconditions_hold_for_the_base_and_tell_the_first_byte_that_differs()
    {
        var bytes = FlatEdits.Bytes(new Random(1), 5 * P);
        foreach (var kind in Enum.GetValues<PreconditionKind>())
        {
            var description = new ChangeDescription.Builder(new DescribedBase(bytes.Length, "/a"))
                .Write(100, "new"u8).Delete(2 * P, 50).Insert(3 * P, "more"u8).Build(kind, [ByteSource.Of(bytes)]);
            description.Check([ByteSource.Of(bytes)]);

            byte[] replaced = [.. bytes], copied = [.. bytes];
            replaced[101] ^= 1;
            copied[4 * P] ^= 1;
            Assert.Equal(kind != PreconditionKind.None, Offset(description, replaced) is not null);
            Assert.Equal(kind == PreconditionKind.Root, Offset(description, copied) is not null);
            Assert.Equal(kind == PreconditionKind.Bytes ? 101 : kind == PreconditionKind.Hash ? 100 : null, Offset(description, replaced)?.Offset);
            Assert.NotNull(Offset(description, bytes[..^1]));
        }
    }

    [Fact]
    public void Context_around_copies_that_overlap_or_go_back_lies_within_the_base()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = FlatEdits.Bytes(random, 2000);
            var builder = new ChangeDescription.Builder();
            builder.AddBase(new DescribedBase(bytes.Length, "/a"));
            for (var n = 0; n < 6; n++)
            {
                var from = random.Next(bytes.Length);
                builder.CloneRange(0, from, random.Next(bytes.Length - from), builder.Size);
            }

            builder.Build((PreconditionKind)(2 + (seed % 2)), [ByteSource.Of(bytes)], context: 1 + (seed % 100)).Check([ByteSource.Of(bytes)]);
        }
    }

    [Fact]
    public void Bases_know_the_number_that_they_had_and_a_root_keeps_one_that_is_not_copied_from()
    {
        var builder = new ChangeDescription.Builder(new DescribedBase(P, "/a"));
        var second = builder.AddBase(new DescribedBase(2 * P, "/b"));
        builder.CloneRange(second, 0, P, 0);
        Assert.Equal([second], builder.Build().Origins);
        Assert.Equal("/b", Assert.Single(builder.Build().Bases).Name);
        var rooted = builder.Build(PreconditionKind.Root, [ByteSource.Of(new byte[P]), ByteSource.Of(new byte[2 * P])]);
        Assert.Equal([second, 0], rooted.Origins);
    }

    [Fact]
    public void Old_bytes_that_are_named_must_be_what_edits_left_or_what_the_base_has()
    {
        var start = new DescribedBase(P, "/a");
        Assert.Equal(Errno.EINVAL, Errors.Of(() => new ChangeDescription.Builder(start).Write(0, "new"u8).Write(2, "x"u8, "y"u8)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => new ChangeDescription.Builder(start).Write(P - 1, "xy"u8, "ab"u8)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => new ChangeDescription.Builder(start).Write(0, "x"u8, "ab"u8).Write(1, "x"u8, "c"u8).Build()));
        var description = new ChangeDescription.Builder(start).Insert(0, "12"u8).Write(1, "xy"u8, "2a"u8).Write(2, "z"u8, "y"u8).Build();
        Assert.Equal("0:[0,1) bytes 61", Assert.Single(description.Preconditions).ToString());
    }

    [Fact]
    public void Hundred_thousand_edits_in_any_order_are_one_list_of_pieces()
    {
        var up = new ChangeDescription.Builder(new DescribedBase(1L << 32));
        var down = new ChangeDescription.Builder(new DescribedBase(1L << 32));
        for (var i = 0L; i < 100_000; i++)
        {
            up.Write(i * 40_000, "x"u8);
            down.Write((99_999 - i) * 40_000, "x"u8);
        }

        Assert.Equal(200_000, up.Build().Count);
        Assert.Equal(up.Build().Id, down.Build().Id);
    }

    internal static FlatEdits Edited(int seed, int count)
    {
        var random = new Random(seed);
        var edits = new FlatEdits(seed, FlatEdits.Bytes(random, random.Next(1, 6) * 3000), FlatEdits.Bytes(random, 9000));
        for (var i = 0; i < count; i++)
        {
            edits.Edit();
        }

        return edits;
    }

    internal static byte[] Bytes(ChangeDescription description, FlatEdits edits) => Read(description.Result(edits.SourcesOf(description)));

    internal static byte[] Read(ByteSource source)
    {
        var bytes = new byte[source.Length];
        source.Read(0, bytes);
        return bytes;
    }

    private static BaseMismatchException? Offset(ChangeDescription description, byte[] bytes)
    {
        try
        {
            description.Check([ByteSource.Of(bytes)]);
            return null;
        }
        catch (BaseMismatchException e)
        {
            Assert.Equal(Errno.ESTALE, e.Error);
            return e;
        }
    }
}
