using System.IO.Compression;
using System.Text;
using Reflink.Units;

namespace Reflink.Tests.Studies;

/// <summary>Compressed traces are read whole or refused, alike for gzip, xz and zstd.</summary>
public sealed class PackedTraceTests : IDisposable
{
    // What xz makes of "7\n9\n": there is no compressor for it here.
    private const string Xz79 = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADNwo5CgBe6n8NWTDOQgABHARvLJzBH7bzfQEAAAAABFla";
    private readonly ScratchFolder _folder = new("traces");

    public static TheoryData<string> Kinds => ["gzip", "xz", "zstd"];

    private string FilePath => _folder.Of("trace");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Streams_one_behind_the_other_are_all_read(string kind) => Assert.Equal("7 9 7 9 7 9", Pages([.. Packed(kind), .. Packed(kind), .. Packed(kind)]));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Anything_else_behind_the_last_is_refused(string kind)
    {
        foreach (var garbage in (string[])["\0", "x", "8\n", "a page or so of garbage".PadRight(9000)])
        {
            var failure = Assert.Throws<ReflinkException>(() => Pages([.. Packed(kind), .. Encoding.ASCII.GetBytes(garbage)]));
            Assert.Equal(Errno.EINVAL, failure.Error);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_part_of_a_stream_is_taken_for_the_whole(string kind)
    {
        var whole = Packed(kind);
        for (var length = 6; length < whole.Length; length++)
        {
            Assert.Throws<ReflinkException>(() => Pages(whole[..length]));
            Assert.Throws<ReflinkException>(() => Pages([.. whole, .. whole[..length]]));
        }
    }

    [Fact]
    public void Padding_of_xz_is_passed_over() => Assert.Equal("7 9 7 9", Pages([.. Packed("xz"), 0, 0, 0, 0, .. Packed("xz"), 0, 0, 0, 0, 0, 0, 0, 0]));

    [Fact]
    public void A_gzip_header_with_a_name_a_comment_and_a_checksum_is_passed_over()
    {
        var plain = Packed("gzip");
        byte[] full = [.. plain[..3], 0x1e, .. plain[4..10], 3, 0, 1, 2, 3, .. "name\0comment\0"u8, 0, 0, .. plain[10..]];
        Assert.Equal("7 9 7 9", Pages([.. full, .. full]));
    }

    private static byte[] Packed(string kind)
    {
        using var packed = new MemoryStream();
        switch (kind)
        {
            case "gzip":
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                {
                    gzip.Write("7\n9\n"u8);
                }

                break;
            case "zstd":
                using (var zstd = new ZstdSharp.CompressionStream(packed, leaveOpen: true))
                {
                    zstd.Write("7\n9\n"u8);
                }

                break;
            default:
                return Convert.FromBase64String(Xz79);
        }

        return packed.ToArray();
    }

    private string Pages(byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        return TracePages.Numbers(FilePath);
    }
}
