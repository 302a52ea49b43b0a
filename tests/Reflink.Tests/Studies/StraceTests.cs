using Reflink.Studies.Replaying;

namespace Reflink.Tests.Studies;

/// <summary>What a command does to files, from what strace prints of it.</summary>
public sealed class StraceTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dup(3</a>) = 4</a>")]
    [InlineData("dup2(3</a>, 4)       = 4</a>")]
    [InlineData("dup3(3</a>, 4, O_CLOEXEC) = 4</a>")]
    [InlineData("fcntl(3</a>, F_DUPFD, 0) = 4</a>")]
    [InlineData("fcntl(3</a>, F_DUPFD_CLOEXEC, 0) = 4</a>")]
    public void Duplicated_descriptors_share_a_position(string call) => Assert.Equal("r0:0 r0:1 r0:2 r0:3", Pages(
        "7 openat(AT_FDCWD</>, \"a\", O_RDONLY) = 3</a>", "7 read(3</a>, \"\"..., 4096) = 4096", $"7 {call}", "7 read(4</a>, \"\"..., 4096) = 4096", "7 read(3</a>, \"\"..., 4096) = 4096", "7 read(4</a>, \"\"..., 9) = 9"));

    [Theory]
    [InlineData("7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = 8")]
    [InlineData("7 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 8")]
    [InlineData("7 vfork() = 8")]
    [InlineData("7 clone(child_stack=NULL, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 8")]
    public void A_child_shares_the_positions_of_its_parent(string call) => Assert.Equal("r0:0 r0:1 r0:2", Pages(
        "7 openat(AT_FDCWD</>, \"a\", O_RDONLY) = 3</a>", "7 read(3</a>, \"\"..., 4096) = 4096", call, "8 read(3</a>, \"\"..., 4096) = 4096", "7 read(3</a>, \"\"..., 9) = 9"));

    [Fact]
    public void A_child_is_known_before_the_call_that_made_it_returns() => Assert.Equal("r0:0 r0:1 r1:0 r0:2", Pages(
        "7 openat(AT_FDCWD</>, \"a\", O_RDONLY) = 3</a>", "7 read(3</a>, \"\"..., 4096) = 4096", "7 vfork( <unfinished ...>",
        "8 read(3</a>, \"\"..., 4096) = 4096", "8 openat(AT_FDCWD</>, \"b\", O_RDONLY) = 3</b>", "7 <... vfork resumed>) = 8", "8 read(3</b>, \"\"..., 9) = 9", "7 read(3</a>, \"\"..., 9) = 9"));

    [Fact]
    public void What_a_child_opens_is_its_own_and_what_a_thread_opens_is_not() => Assert.Equal("r0:0 r1:0 r1:1", Pages(
        "7 fork() = 8", "7 clone(flags=CLONE_FILES) = 9", "7 openat(AT_FDCWD</>, \"a\", O_RDONLY) = 3</a>", "8 openat(AT_FDCWD</>, \"b\", O_RDONLY) = 3</b>",
        "9 read(3</a>, \"\"..., 4096) = 4096", "8 read(3</b>, \"\"..., 4096) = 4096", "8 read(3</b>, \"\"..., 4096) = 4096"));

    [Theory]
    [InlineData("fstat(3</a>, {st_mode=S_IFREG|0644, st_size=12288, ...}) = 0")]
    [InlineData("newfstatat(3</a>, \"\", {st_mode=S_IFREG|0644, st_size=12288, ...}, AT_EMPTY_PATH) = 0")]
    [InlineData("statx(3</a>, \"\", AT_EMPTY_PATH, STATX_SIZE, {stx_mask=STATX_SIZE, stx_size=12288, ...}) = 0")]
    [InlineData("lseek(3</a>, 0, SEEK_END) = 12288")]
    [InlineData("lseek(3</a>, -4096, SEEK_END) = 8192")]
    [InlineData("ftruncate(3</a>, 12288) = 0")]
    public void What_is_appended_begins_where_the_file_ends(string call)
    {
        Assert.Equal("w0:3 w0:4", Pages("7 openat(AT_FDCWD</>, \"a\", O_WRONLY|O_APPEND) = 3</a>", $"7 {call}", "7 write(3</a>, \"\"..., 4096) = 4096", "7 pwrite64(3</a>, \"\"..., 9, 0) = 9"));
        Assert.Empty(Notes());
    }

    [Fact]
    public void Everyone_who_appends_begins_where_the_last_ended()
    {
        Assert.Equal("w0:0 w0:1 w0:2 w0:3 r0:3", Pages(
            "7 openat(AT_FDCWD</>, \"a\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3</a>", "7 write(3</a>, \"\"..., 4096) = 4096", "7 openat(AT_FDCWD</>, \"a\", O_RDWR|O_APPEND) = 4</a>", "7 write(4</a>, \"\"..., 4096) = 4096",
            "7 lseek(4</a>, 0, SEEK_SET) = 0", "7 fcntl(3</a>, F_SETFL, O_RDONLY|O_APPEND) = 0", "7 lseek(3</a>, 0, SEEK_SET) = 0", "7 write(3</a>, \"\"..., 4096) = 4096", "7 write(4</a>, \"\"..., 4095) = 4095", "7 read(4</a>, \"\"..., 9) = 0",
            "7 pread64(3</a>, \"\"..., 9, 16382) = 1"));
        Assert.Empty(Notes());
    }

    [Fact]
    public void A_file_ends_where_a_read_got_less_than_it_asked_for() => Assert.Equal("r0:0 w0:1", Pages(
        "7 openat(AT_FDCWD</>, \"a\", O_RDWR|O_APPEND) = 3</a>", "7 read(3</a>, \"\"..., 9000) = 4096", "7 lseek(3</a>, 0, SEEK_SET) = 0", "7 write(3</a>, \"\"..., 1) = 1"));

    [Fact]
    public void Appending_to_a_file_of_unknown_length_is_said()
    {
        Assert.Equal("w0:0 w0:1", Pages("7 openat(AT_FDCWD</>, \"a\", O_WRONLY|O_APPEND) = 3</a>", "7 write(3</a>, \"\"..., 4096) = 4096", "7 write(3</a>, \"\"..., 1) = 1"));
        Assert.Contains("taken to begin where the trace last saw the file end: 2 writes with O_APPEND to files whose length it does not say", Notes());
    }

    [Theory]
    [InlineData("copy_file_range(3</a>, NULL, 4</b>, NULL, 5000, 0) = 4096", "r0:0 w1:0 r0:1 w1:1")]
    [InlineData("copy_file_range(3</a>, [8192], 4</b>, [12288], 4096, 0) = 4096", "r0:2 w1:3 r0:0 w1:0")]
    [InlineData("sendfile(4</b>, 3</a>, NULL, 4096) = 4096", "r0:0 w1:0 r0:1 w1:1")]
    [InlineData("sendfile(4</b>, 3</a>, [8192] => [12288], 4096) = 4096", "r0:2 w1:0 r0:0 w1:1")]
    [InlineData("sendfile(5<socket:[9]>, 3</a>, NULL, 4096) = 4096", "r0:0 r0:1 w1:0")]
    [InlineData("splice(3</a>, [8192], 5<pipe:[9]>, NULL, 4096, 0) = 4096", "r0:2 r0:0 w1:0")]
    [InlineData("splice(5<pipe:[9]>, NULL, 4</b>, NULL, 4096, SPLICE_F_MOVE) = 4096", "w0:0 r1:0 w0:1")]
    [InlineData("preadv(3</a>, [{iov_base=\"\"..., iov_len=4096}], 1, 8192) = 4096", "r0:2 r0:0 w1:0")]
    [InlineData("preadv2(3</a>, [...], 2, 8192, RWF_HIPRI) = 4096", "r0:2 r0:0 w1:0")]
    [InlineData("preadv2(3</a>, [...], 2, -1, 0) = 4096", "r0:0 r0:1 w1:0")]
    [InlineData("pwritev(4</b>, [...], 1, 8192) = 4096", "w0:2 r1:0 w0:0")]
    [InlineData("pwritev2(4</b>, [...], 1, -1, RWF_SYNC) = 4096", "w0:0 r1:0 w0:1")]
    [InlineData("pwritev2(4</b>, [...], 1, 0, RWF_APPEND) = 4096", "w0:0 r1:0 w0:0")]
    [InlineData("copy_file_range(3</a>, NULL, 4</b>, NULL, 5000, 0) = -1 EXDEV (Invalid cross-device link)", "r0:0 w1:0")]
    public void Every_call_that_moves_bytes_of_files_is_counted(string call, string pages) => Assert.Equal(pages, Pages(
        "7 openat(AT_FDCWD</>, \"a\", O_RDONLY) = 3</a>", "7 openat(AT_FDCWD</>, \"b\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4</b>", $"7 {call}", "7 read(3</a>, \"\"..., 9) = 9", "7 write(4</b>, \"\"..., 9) = 9"));

    [Fact]
    public void A_descriptor_that_was_closed_names_another_file_later() => Assert.Equal("r0:0 r1:0", Pages(
        "7 openat(AT_FDCWD</>, \"a\", O_RDONLY) = 3</a>", "7 read(3</a>, \"\"..., 4096) = 4096", "7 close_range(3, 4294967295, 0) = 0", "7 read(3</b>, \"\"..., 4096) = 4096"));

    [Fact]
    public void What_cannot_be_followed_is_said_with_a_count()
    {
        Pages(
            "7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</a>, 0) = 0x7fc657181000", "7 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3</a>, 0) = 0x7fc657181000", "7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fc6",
            "7 io_uring_setup(8, {flags=0}) = 4<anon_inode:[io_uring]>", "7 io_uring_enter(4<anon_inode:[io_uring]>, 3, 1, IORING_ENTER_GETEVENTS, NULL, 8) = 3", "7 io_submit(0x7f, 2, [{}, {}]) = 2",
            "7 copy_file_range(3</a>, NULL, 4</b>, NULL, 5000, 0) = 9", "7 read(3</a>,  <detached ...>");
        var notes = Notes();
        Assert.Contains(notes, n => n.StartsWith("left out, as accesses leave no line: 2 mappings of files, 1 of them writable and shared", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.StartsWith("left out, as they leave no line: 5 operations submitted to io_uring or by io_submit", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.StartsWith("taken for reads and writes: 1 call of copy_file_range; ", StringComparison.Ordinal));
    }

    private IReadOnlyList<string> Notes() => TraceReplay.Describe(new ReplayOptions(_folder.Of("strace"))).Notes;

    private string Pages(params string[] lines)
    {
        File.WriteAllLines(_folder.Of("strace"), lines);
        return TracePages.Of(_folder.Of("strace"), null);
    }
}
