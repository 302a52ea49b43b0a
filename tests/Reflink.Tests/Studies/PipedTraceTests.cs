using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;

namespace Reflink.Tests.Studies;

/// <summary>Traces that come through pipes, which can be read once only.</summary>
public sealed class PipedTraceTests
{
    private const string Reference = "1\n2\n3\n4\n1\n2\n5\n1\n2\n3\n4\n5\n";

    [Fact]
    public void A_pipe_is_read_once() => Assert.Equal(12, Through(path => TraceReplay.Describe(Options(path))).Accesses);

    [Fact]
    public void A_pipe_is_kept_where_it_must_be_read_twice()
    {
        Assert.Equal(7, Assert.Single(Through(path => TraceReplay.Run(Options(path) with { Pages = [3], Policies = ["belady"] })).Rows).Counts.Misses);
        var (_, curves) = Through(path => CurveStudy.Run(Options(path) with { Pages = [3], Policies = ["lru", "fifo"] }, 1));
        Assert.Equal([10.0 / 12, 9.0 / 12], curves.Select(c => c.Points[0].MissRatio));
    }

    [Fact]
    public async Task Waiting_for_a_pipe_ends_when_it_is_cancelled()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var cancel = new CancellationTokenSource();
        using var reader = new FileStream(Path(pipe, Reference), FileMode.Open, FileAccess.Read);
        var read = Task.Run(() => Trace.Open(Path(reader.SafeFileHandle), new TraceOptions { Format = "lirs" }, cancel.Token));
        cancel.Cancel();

        // A reader that goes on waiting gets the end of the trace, not a test that hangs.
        pipe.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    private static ReplayOptions Options(string path) => new(path) { Trace = new TraceOptions { Format = "lirs" } };

    private static T Through<T>(Func<string, T> read)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var reader = new FileStream(Path(pipe, Reference), FileMode.Open, FileAccess.Read);
        pipe.Dispose();
        return read(Path(reader.SafeFileHandle));
    }

    private static string Path(AnonymousPipeServerStream pipe, string text)
    {
        pipe.Write(Encoding.ASCII.GetBytes(text));
        return Path(pipe.ClientSafePipeHandle);
    }

    private static string Path(SafeHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";
}
