using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>A file much larger than the machine's memory and the store's: written, cloned, read back, overwritten ten times.</summary>
internal sealed class LargeFile(string folder, long bytes, long readahead)
{
    public const int Memory = 64 << 20;
    public const int StoreMemory = 128 << 20;
    private const int Overwrites = 10;
    private const int ChunkBytes = 1 << 20;

    private readonly ulong[] _chunk = new ulong[ChunkBytes / sizeof(ulong)];
    private readonly byte[] _read = new byte[ChunkBytes];
    private readonly List<string> _notes = [];
    private long _wrong;

    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<Claim> Run()
    {
        using var machine = new Machine(new MachineOptions
        {
            Memory = Memory, Readahead = readahead, VolumeCapacity = 4 * bytes, Store = new StoreOptions { Folder = folder, Memory = StoreMemory },
        });
        var file = machine.Volume.Create("/file");
        Do(machine, "write", () => Write(file, 0));
        Do(machine, "clone", () => machine.Volume.Clone("/file", "/clone"));
        using (var clone = machine.Volume.Open("/clone"))
        {
            Do(machine, "read the clone", () => Check(clone, 0));
        }

        machine.Volume.Unlink("/clone");
        machine.Settle();
        var largest = 0L;
        for (var n = 1; n <= Overwrites; n++)
        {
            Do(machine, string.Create(CultureInfo.InvariantCulture, $"overwrite {n}"), () => Write(file, n));
            largest = Math.Max(largest, machine.StoreDiagnostics.OnDisk);
        }

        machine.DropCaches();
        Do(machine, "read the file", () => Check(file, Overwrites));
        var onDisk = machine.StoreDiagnostics.OnDisk;
        file.Dispose();
        return
        [
            Claim.Most("peak resident memory of the process (VmHWM)", PeakResident() / (double)(1 << 20), 600, " MiB"),
            Claim.Most("chunks of 1 MiB that were read wrongly", _wrong, 0, ""),
            Claim.Most("store on disk to live data after ten overwrites", onDisk / (double)bytes, 2, "×"),
            Claim.Most("store on disk to live data at the end of any overwrite", largest / (double)bytes, 2, "×"),
        ];
    }

    private static long PeakResident() => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private void Do(Machine machine, string what, Action act)
    {
        var watch = Stopwatch.StartNew();
        act();
        var did = machine.StoreDiagnostics;
        _notes.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-15} {watch.Elapsed.TotalSeconds,7:0.00} s; device so far: {did.DeviceReads >> 20:N0} MiB read, {did.DeviceWrites >> 20:N0} written, {did.OnDisk >> 20:N0} on disk; peak {PeakResident() >> 20:N0} MiB"));
    }

    private void Write(OpenFile file, int round)
    {
        for (var at = 0L; at < bytes; at += ChunkBytes)
        {
            file.Write(at, Fill(at, round));
        }
    }

    private void Check(OpenFile file, int round)
    {
        for (var at = 0L; at < bytes; at += ChunkBytes)
        {
            var length = file.Read(at, _read);
            _wrong += length == ChunkBytes && Fill(at, round).SequenceEqual(_read) ? 0 : 1;
        }
    }

    // Every word of every round is another one, so that nothing in a wrong place or of an earlier round is taken for right.
    private ReadOnlySpan<byte> Fill(long at, int round)
    {
        var word = unchecked((ulong)(at + 1) * 0x9E37_79B9_7F4A_7C15 + (ulong)(round + 1) * 0xC2B2_AE3D_27D4_EB4F);
        for (var i = 0; i < _chunk.Length; i++)
        {
            word = unchecked(word + 0xD1B5_4A32_D192_ED03);
            _chunk[i] = word;
        }

        return MemoryMarshal.AsBytes(_chunk.AsSpan());
    }
}
