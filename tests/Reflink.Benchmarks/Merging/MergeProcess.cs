using System.Diagnostics;

namespace Reflink.Benchmarks.Merging;

/// <summary>A real process with filled and advised memory (<see cref="MergeWorker"/>), gone after disposal.</summary>
internal sealed class MergeProcess : IDisposable
{
    private readonly Process _process = WorkerProgram.Start(MergeWorker.Argument);
    private readonly BinaryWriter _to;

    /// <summary>Starts it and waits until its memory is filled.</summary>
    /// <exception cref="IOException">It says that it cannot.</exception>
    public MergeProcess(PageLayout layout, int pages)
    {
        _to = new BinaryWriter(_process.StandardInput.BaseStream);
        _to.Write((int)layout);
        _to.Write(pages);
        _to.Flush();
        if (_process.StandardOutput.BaseStream.ReadByte() != 1)
        {
            Dispose();
            throw new IOException($"no process with {pages} pages to be merged");
        }
    }

    public void Dispose() => WorkerProgram.End(_process, _to.BaseStream);
}
