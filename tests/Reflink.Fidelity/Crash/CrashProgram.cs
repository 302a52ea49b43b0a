using Reflink.Descriptions;
using Reflink.Store;
using Reflink.Store.Disks;
using Reflink.Units;

namespace Reflink.Fidelity.Crash;

/// <summary>Random operations on a few files of a volume; the same seed gives the same ones.</summary>
internal sealed class CrashProgram(int seed)
{
    private const int Pages = 12;

    private static readonly string[] s_names = ["/a", "/b", "/c", "/d/e", "/d/f"];

    private readonly Random _random = new(seed);
    private int _serial;

    /// <summary>How many operations this program has before it ends with a sync.</summary>
    public int Length { get; } = 20 + (seed * 7 % 60);

    /// <summary>The sizes of the store below it: some keep a few pages in memory and hardly any in a file.</summary>
    public static StoreGeometry Sizes(int seed) => seed % 3 == 0 ? StoreGeometry.Of(1 << 16, 1 << 14) : StoreGeometry.Of(1 << 15, 1 << 13);

    /// <summary>A machine on a disk, with so little memory that pages leave it all the time.</summary>
    public static Machine MachineOn(IDisk disk, int seed, StoreUse use = StoreUse.Durable) => MachineOn(new FasterPageStore(disk, Sizes(seed), use, leastChanges: 600));

    /// <summary>A machine on a store.</summary>
    public static Machine MachineOn(FasterPageStore store)
    {
        return new Machine(new MachineOptions { Memory = 24 << Page.Shift, PageStore = store, VolumeCapacity = 1 << 20 });
    }

    /// <summary>Does the next operation, which may be refused; returns whether it was a sync.</summary>
    public bool Step(Machine machine)
    {
        try
        {
            return Do(machine, _random.Next(100));
        }
        catch (ReflinkException e) when (e.Error is not (Errno.EIO or Errno.EROFS))
        {
            // Refused: the file is not there, the name is taken, there is no room.
            return false;
        }
    }

    private bool Do(Machine machine, int dice)
    {
        var (volume, one, two) = (machine.Volume, Name(), Name());
        switch (dice)
        {
            case < 36: Write(volume, one); break;
            case < 42: Derive(volume, one, two); break;
            case < 44: volume.Materialize(one); break;
            case < 51: volume.Clone(one, two); break;
            case < 55: volume.Unlink(one); break;
            case < 60: volume.Rename(one, two); break;
            case < 63: volume.Link(one, two); break;
            case < 66: volume.MakeDirectory("/d"); break;
            case < 67: volume.MakeSymbolicLink(one, two); break;
            case < 72: With(volume, one, f => f.Truncate(_random.Next(Pages * Page.Size))); break;
            case < 76: With(volume, one, f => f.PunchHole(_random.Next(Pages) * Page.Size, _random.Next(1, 4 * Page.Size))); break;
            case < 78: With(volume, one, f => f.Collapse(_random.Next(Pages) * Page.Size, Page.Size)); break;
            case < 82: Range(volume, one, two); break;
            case < 86: machine.DropCaches(); break;
            default: volume.Sync(); return true;
        }

        return false;
    }

    private string Name() => s_names[_random.Next(s_names.Length)];

    private void Write(Volume volume, string name)
    {
        using var file = volume.Open(name, OpenFlags.ReadWrite | OpenFlags.Create);
        for (var n = _random.Next(1, 5); n > 0; n--)
        {
            var bytes = new byte[_random.Next(3) == 0 ? _random.Next(1, 3 * Page.Size) : Page.Size];
            Array.Fill(bytes, (byte)(++_serial & 0xFF));
            BitConverter.TryWriteBytes(bytes.AsSpan(0, Math.Min(4, bytes.Length)), bytes.Length < 4 ? 0 : _serial);
            file.Write(bytes.Length == Page.Size ? _random.Next(Pages) * Page.Size : _random.Next(Pages * Page.Size), bytes);
        }
    }

    private void Derive(Volume volume, string from, string to)
    {
        var builder = new ChangeDescription.Builder(new DescribedBase(volume.Stat(from).Size, from));
        for (var n = _random.Next(1, 4); n > 0; n--)
        {
            builder.Write(_random.Next(Pages * Page.Size), BitConverter.GetBytes(++_serial));
        }

        if (_random.Next(3) == 0)
        {
            builder.Insert(_random.NextInt64(builder.Size), "moved"u8);
        }

        volume.Derive(builder.Build(), to);
    }

    private void Range(Volume volume, string from, string to)
    {
        using var source = volume.Open(from);
        using var target = volume.Open(to, OpenFlags.ReadWrite);
        var (at, length) = (_random.Next(4) * Page.Size, _random.Next(1, 4) * Page.Size);
        if (_random.Next(3) == 0)
        {
            volume.Dedupe(source, at, length, target, at);
        }
        else
        {
            volume.CloneRange(source, at, length, target, _random.Next(Pages) * Page.Size);
        }
    }

    private static void With(Volume volume, string name, Action<OpenFile> use)
    {
        using var file = volume.Open(name, OpenFlags.ReadWrite);
        use(file);
    }
}
