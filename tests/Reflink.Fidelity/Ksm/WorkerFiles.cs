using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// Two files in memory that a worker makes and its children inherit: through one pass the bytes that are stored and loaded (a failed
/// copy leaves nothing behind in it, as it would in a pipe), the other is the script's file.
/// </summary>
internal sealed class WorkerFiles : IDisposable
{
    /// <summary>The first one's descriptor in workers.</summary>
    public const ulong Scratch = 3;

    /// <summary>The script's file's descriptor in workers.</summary>
    public const ulong Script = 4;

    private const int MakeFileInMemory = 319;
    private readonly SafeFileHandle _scratch;
    private readonly SafeFileHandle _script;

    public WorkerFiles(Worker worker)
    {
        foreach (var expected in (ulong[])[Scratch, Script])
        {
            var made = (ulong)worker.Must(MakeFileInMemory, WorkerImage.NameAddress, 0);
            if (made != expected)
            {
                throw new IOException($"a worker's first files are {made}, not {expected}");
            }
        }

        _scratch = Open(worker, Scratch);
        _script = Open(worker, Script);
    }

    /// <summary>Puts bytes where a worker loads them from.</summary>
    public void Put(ReadOnlySpan<byte> bytes) => RandomAccess.Write(_scratch, bytes, 0);

    /// <summary>The word that a worker has stored.</summary>
    public ulong Word()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        return RandomAccess.Read(_scratch, bytes, 0) == bytes.Length
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
            : throw new IOException("a worker's file is too short");
    }

    /// <summary>Gives the script's file the contents it begins with.</summary>
    public void Reset()
    {
        for (var page = 0; page < KsmContents.FilePages; page++)
        {
            RandomAccess.Write(_script, KsmContents.Bytes(KsmContents.OfFile(page)), (long)page << Page.Shift);
        }
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _script.Dispose();
    }

    private static SafeFileHandle Open(Worker worker, ulong descriptor) =>
        File.OpenHandle($"/proc/{worker.Id}/fd/{descriptor}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}
