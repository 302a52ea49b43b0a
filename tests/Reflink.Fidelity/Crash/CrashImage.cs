namespace Reflink.Fidelity.Crash;

/// <summary>
/// The files as a crash left them. All before the last flush is there; of what came after, each write by itself may be there,
/// or not, or torn at a sector of 512 bytes (from the front, from the back, or sector by sector), each file that was made may be missing, and
/// each that was deleted may be back.
/// </summary>
internal static class CrashImage
{
    private const int Sector = 512;

    /// <summary>The files after the first <paramref name="count"/> events, where <paramref name="fate"/> decides what became of the last ones.</summary>
    public static Dictionary<string, byte[]> Of(CrashDisk disk, int count, Fate fate, Random random)
    {
        var files = disk.Start.ToDictionary(f => f.Key, f => (byte[])f.Value.Clone());
        var durable = count == 0 ? 0 : disk.Events.FindLastIndex(count - 1, e => e.Act == DiskAct.Flush) + 1;
        for (var n = 0; n < count; n++)
        {
            Apply(files, disk.Events[n], n < durable ? Fate.Whole : fate, isLast: n == count - 1, random);
        }

        return files;
    }

    private static void Apply(Dictionary<string, byte[]> files, DiskEvent e, Fate fate, bool isLast, Random random)
    {
        var mine = fate switch
        {
            Fate.LastTorn => isLast ? Fate.Torn : Fate.Whole,
            Fate.Any => (Fate)random.Next(3),
            _ => fate,
        };
        if (e.Act == DiskAct.Flush || mine == Fate.Lost)
        {
            return;
        }

        switch (e.Act)
        {
            case DiskAct.Create: files[e.File] = new byte[e.At]; break;
            case DiskAct.Delete: files.Remove(e.File); break;
            default: Write(files, e, mine, random); break;
        }
    }

    // A file that was made and not flushed may be missing; what was written to it is, too.
    private static void Write(Dictionary<string, byte[]> files, DiskEvent e, Fate fate, Random random)
    {
        if (!files.TryGetValue(e.File, out var bytes))
        {
            if (e.File.Length > 0)
            {
                return;
            }

            bytes = [];
        }

        var end = e.At + e.Bytes.Length;
        if (bytes.Length < end)
        {
            Array.Resize(ref bytes, (int)end);
        }

        files[e.File] = bytes;
        var sectors = (int)(((end - 1) / Sector) - (e.At / Sector) + 1);
        var cut = random.Next(sectors + 1);
        var how = random.Next(3);
        for (var n = 0; n < sectors; n++)
        {
            if (fate != Fate.Torn || (how switch { 0 => n < cut, 1 => n >= cut, _ => random.Next(2) == 0 }))
            {
                var from = Math.Max(e.At, ((e.At / Sector) + n) * Sector);
                var to = Math.Min(end, ((e.At / Sector) + n + 1) * Sector);
                e.Bytes.AsSpan((int)(from - e.At), (int)(to - from)).CopyTo(bytes.AsSpan((int)from));
            }
        }
    }
}
