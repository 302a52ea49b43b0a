using System.Diagnostics;
using System.Globalization;

namespace Reflink.Studies.Live;

/// <summary>A real process that maps files and patches them as it is told (<see cref="LiveWorker"/>).</summary>
internal sealed class LiveProcess : IDisposable
{
    private readonly Process _process;
    private readonly BinaryWriter _to;
    private readonly BinaryReader _from;
    private readonly List<(long Start, long End)> _ranges = [];

    private LiveProcess(Process process)
    {
        _process = process;
        _to = new BinaryWriter(new BufferedStream(process.StandardInput.BaseStream, 1 << 16));
        _from = new BinaryReader(process.StandardOutput.BaseStream);
    }

    /// <summary>Starts one: this program, as a worker.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static LiveProcess Start()
    {
        var program = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0], LiveWorker.Argument] : [LiveWorker.Argument];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // It has little to keep: no thread for collections beside it, and a small heap.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "0";
        return new LiveProcess(Process.Start(start)!);
    }

    /// <summary>Maps part of a file; at an address that is not 0 in the place of what is there.</summary>
    public long Map(string path, long offset, long length, bool isWritable = false, long address = 0)
    {
        _to.Write((byte)LiveCall.Map);
        _to.Write(path);
        _to.Write(offset);
        _to.Write(length);
        _to.Write(isWritable);
        _to.Write(address);
        var at = Answer();
        if (address == 0)
        {
            _ranges.Add((at, at + length));
        }

        return at;
    }

    public void Protect(long address, long length, bool isWritable)
    {
        Tell(LiveCall.Protect, address, length);
        _to.Write(isWritable);
        _ = Answer();
    }

    public void Store(IReadOnlyList<(long Address, byte[] Bytes)> stores)
    {
        _to.Write((byte)LiveCall.Store);
        _to.Write(stores.Count);
        foreach (var (address, bytes) in stores)
        {
            _to.Write(address);
            _to.Write(bytes.Length);
            _to.Write(bytes);
        }

        _ = Answer();
    }

    public void Touch(long address, long length) => Ask(LiveCall.Touch, address, length);

    public void Merge(long address, long length) => Ask(LiveCall.Merge, address, length);

    public ulong Digest(long address, long length) => unchecked((ulong)Ask(LiveCall.Digest, address, length));

    /// <summary>Processor time and page faults of the calls since the last time that this was asked.</summary>
    public (long Nanoseconds, long Faults) Spent()
    {
        _to.Write((byte)LiveCall.Spent);
        return (Answer(), _from.ReadInt64());
    }

    /// <summary>Has a file get its text back when this process or its parent ends, however.</summary>
    public void RestoreAtEnd(string path, string text)
    {
        _to.Write((byte)LiveCall.Restore);
        _to.Write(path);
        _to.Write(text);
        _ = Answer();
    }

    /// <summary>Has a folder deleted when this process or its parent ends, however.</summary>
    public void DeleteAtEnd(string folder)
    {
        _to.Write((byte)LiveCall.Delete);
        _to.Write(folder);
        _ = Answer();
    }

    /// <summary>What its mappings take, by /proc/PID/smaps: KiB, and how many they are.</summary>
    public LiveMemory Memory()
    {
        var (sum, counts) = (default(LiveMemory), false);
        foreach (var line in File.ReadLines($"/proc/{_process.Id}/smaps"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                var start = long.Parse(words[0].AsSpan(0, words[0].IndexOf('-', StringComparison.Ordinal)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                counts = _ranges.Exists(range => start >= range.Start && start < range.End);
                sum = counts ? sum with { Mappings = sum.Mappings + 1 } : sum;
            }
            else if (counts && words[0] is "Pss:" or "Rss:" or "Private_Dirty:")
            {
                var size = long.Parse(words[1], CultureInfo.InvariantCulture);
                sum = words[0] switch
                {
                    "Pss:" => sum with { Pss = sum.Pss + size },
                    "Rss:" => sum with { Rss = sum.Rss + size },
                    _ => sum with { PrivateDirty = sum.PrivateDirty + size },
                };
            }
        }

        return sum;
    }

    public void Dispose()
    {
        try
        {
            _to.Dispose();
        }
        catch (IOException)
        {
            // It has ended before.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Tell(LiveCall call, long address, long length)
    {
        _to.Write((byte)call);
        _to.Write(address);
        _to.Write(length);
    }

    private long Ask(LiveCall call, long address, long length)
    {
        Tell(call, address, length);
        return Answer();
    }

    private long Answer()
    {
        try
        {
            _to.Flush();
            return _from.ReadInt64();
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            throw new IOException("a process of the live comparison has ended; what it said stands above", e);
        }
    }
}
