using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;
using Reflink.Studies.Traces.Formats;
using Reflink.Units;

namespace Reflink.Tests.Studies;

/// <summary>A trace that is wrong, cut or strange is refused by its line or record, or what is strange about it is said.</summary>
public sealed class BadTraceTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    private string FilePath => _folder.Of("trace");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("msr", "1,hm,0,Write,0,4096,2\n1,hm,0,Write,8191,2251799813685248,2\n")]
    [InlineData("alibaba", "1,R,0,4096,1\n1,R,0,2147479553,1\n")]
    [InlineData("fio", "fio version 2 iolog\n/a read 0 2147483648\n")]
    [InlineData("strace", "7 read(3</a>, \"\", 1) = 1\n7 read(3</a>, \"\", 9223372036854775807) = 9223372036854775806\n")]
    public void One_request_has_a_limit_which_is_named_with_its_line(string format, string text)
    {
        var failure = Refused(format, text);
        Assert.Contains("line 2: a request of ", failure, StringComparison.Ordinal);
        Assert.Contains("one has 2147479552 at the most", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_request_that_Linux_makes_is_read()
    {
        File.WriteAllText(FilePath, "1,R,0,2147479552,1\n");
        Assert.Equal(TraceRequest.MostBytes / Page.Size, Describe("alibaba").Accesses);
    }

    [Theory]
    [InlineData("tencent", "1,8,16,0,1\n1,0,9223372036854775807,0,1\n")]
    [InlineData("tencent", "1,8,16,0,1\n1,9223372036854775807,1,0,1\n")]
    [InlineData("msr", "1,hm,0,Read,0,1,1\n1,hm,0,Read,0,99999999999999999999,1\n")]
    [InlineData("msr", "1,hm,0,Read,0,1,1\n1,hm,0,Read,4503599627370496,1,1\n")]
    [InlineData("fio", "fio version 2 iolog\n/a read 9223372036854775807 1\n")]
    [InlineData("strace", "7 lseek(3</a>, 9223372036854775807, SEEK_SET) = 9223372036854775807\n7 read(3</a>, \"\", 1) = 1\n")]
    public void A_number_that_no_file_reaches_makes_a_malformed_line(string format, string text) =>
        Assert.Contains("', line 2: ", Refused(format, text), StringComparison.Ordinal);

    [Fact]
    public void A_failure_says_its_errno_once() => Assert.Equal(1, Refused("msr", "1,hm,0,Read,4503599627370496,1,1\n").Split("EINVAL").Length - 1);

    [Fact]
    public void A_line_without_an_end_is_refused_before_memory_goes()
    {
        using (var file = File.OpenWrite(FilePath))
        {
            file.Write("1\n"u8);
            file.SetLength(1L << 30);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("line 2 has more than 1048576 bytes", Assert.Throws<ReflinkException>(() => TracePages.Of(FilePath, "lirs")).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Long_lines_are_read_whole()
    {
        var zeroes = new string('0', 300_000);
        File.WriteAllText(FilePath, $"{zeroes}7\r\n{zeroes}8\n9\n");
        Assert.Equal("7 8 9", TracePages.Numbers(FilePath));
    }

    [Theory]
    [InlineData("1\n12345", true)]
    [InlineData("1\n12345\n", false)]
    public void A_last_line_without_an_end_is_said(string text, bool isSaid)
    {
        File.WriteAllText(FilePath, text);
        Assert.Equal(isSaid, Describe("lirs").Notes.Any(n => n.StartsWith("line 2, the last, has no line end", StringComparison.Ordinal)));
    }

    private string Refused(string format, string text)
    {
        File.WriteAllText(FilePath, text);
        var failure = Assert.Throws<ReflinkException>(() => Describe(format));
        Assert.Equal(Errno.EINVAL, failure.Error);
        return failure.Message;
    }

    private TraceFacts Describe(string format) => TraceReplay.Describe(new ReplayOptions(FilePath) { Trace = new TraceOptions { Format = format } });
}
