using Reflink.Studies.Replaying;

namespace Reflink.Tests.Studies;

/// <summary>Page faults, from what perf trace prints of them.</summary>
public sealed class PerfTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Faults_of_files_are_accesses_and_those_of_anonymous_memory_and_the_kernel_are_left_out()
    {
        Assert.Equal("r0:1 r1:0 r0:291", Pages(
            "     0.000 ( 0.000 ms): cat/19040 minfault [elf_load+0x28a] => 0x55a92a4f3424 (?k)",
            "     1.462 ( 0.000 ms): cat/19040 minfault [dl_main+0x6e8] => /usr/bin/cat@0x1040 (d.)",
            "     1.660 ( 0.000 ms): cat/19040 minfault [dl_main+0xe58] => /tmp/perf-vdso.so-Z6r3bq@0x20 (d.)",
            "     1.718 ( 0.000 ms): cat/19040 minfault [_dl_init_paths+0xce] => //anon@0x7f6f45c72008 (d.)",
            "     1.804 ( 0.000 ms): cat/19040 minfault [_dl_map_object+0x11] => [stack]@0x7ffd68a63f08 (d.)",
            "     1.900 ( 0.000 ms): a b/7 majfault [[main]+0x11] => /a file@here (1)@0x8 (x.)",
            "     2.000 ( 0.000 ms): cat/19040 majfault [0x35c0] => /usr/bin/cat@0x123456 (d.)"));
        Assert.Contains("4 faults of anonymous memory and of the kernel left out", Notes());
    }

    [Fact]
    public void Events_that_perf_lost_are_told()
    {
        Assert.Equal("r0:0", Pages("LOST 12 events!", "     1.462 ( 0.000 ms): cat/1 minfault [m+0x6] => /c@0x40 (d.)"));
        Assert.Contains(Notes(), note => note.StartsWith("perf lost 12 events", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.462 ( 0.000 ms): cat/1 minfault")]
    [InlineData("7 read(3</a>, \"\"..., 4096) = 4096")]
    [InlineData("1.462 ( 0.000 ms): cat/1 minfault [m+0x6] => /c@0xzz (d.)")]
    public void What_is_no_page_fault_is_named_with_its_line(string line)
    {
        var refused = Assert.Throws<ReflinkException>(() => Pages("     1.462 ( 0.000 ms): cat/1 minfault [m+0x6] => /c@0x40 (d.)", line));
        Assert.Contains("line 2", refused.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Notes() => TraceReplay.Describe(new ReplayOptions(_folder.Of("t.perf"))).Notes;

    private string Pages(params string[] lines)
    {
        File.WriteAllLines(_folder.Of("t.perf"), lines);
        return TracePages.Of(_folder.Of("t.perf"), null);
    }
}
