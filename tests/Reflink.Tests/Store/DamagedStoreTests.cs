using Reflink.Fidelity.Crash;
using Reflink.Store.Disks;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>Files of a durable store change while nobody uses it: it is refused, or what is damaged is an I/O error, and never wrong bytes.</summary>
public sealed class DamagedStoreTests
{
    private readonly Dictionary<string, byte[]> _files;
    private readonly string _state;

    public DamagedStoreTests()
    {
        var disk = new CrashDisk();
        using (var machine = CrashProgram.MachineOn(disk, 1))
        {
            var program = new CrashProgram(1);
            for (var n = 0; n < 60; n++)
            {
                program.Step(machine);
            }

            machine.Volume.Sync();
            _state = VolumeState.Of(machine);
        }

        _files = CrashImage.Of(disk, disk.Events.Count, Fate.Whole, new Random(1));
    }

    [Fact]
    public void Every_flipped_bit_is_harmless_refused_or_an_io_error()
    {
        var (refused, ioErrors) = (0, 0);
        var random = new Random(1);
        foreach (var name in _files.Keys)
        {
            for (var n = 0; n < 150; n++)
            {
                var at = random.Next(_files[name].Length);
                switch (Open(Changed(name, b => b[at] ^= (byte)(1 << random.Next(8)))))
                {
                    case Outcome.Refused: refused++; break;
                    case Outcome.IoError: ioErrors++; break;
                    default: break;
                }
            }
        }

        Assert.InRange(refused, 100, 1000);
        Assert.InRange(ioErrors, 10, 1000);
    }

    [Fact]
    public void Every_missing_or_truncated_file_is_refused_or_an_io_error()
    {
        var ioErrors = 0;
        foreach (var name in _files.Keys.Where(n => n.Length > 0))
        {
            var missing = Copy();
            missing.Remove(name);
            var cut = Copy();
            cut[name] = [];
            var outcome = Open(missing);
            Assert.Equal(outcome, Open(cut));

            // Of the segments, some were only taken in advance.
            Assert.True(outcome == Outcome.Refused || StoreFiles.SegmentOf(name) >= 0, name);
            ioErrors += outcome == Outcome.IoError ? 1 : 0;
        }

        Assert.InRange(ioErrors, 2, 100);
    }

    [Fact]
    public void A_refusal_names_the_file()
    {
        var journal = _files.Keys.Single(n => n.StartsWith("journal", StringComparison.Ordinal));
        var error = Assert.Throws<ReflinkException>(() => CrashProgram.MachineOn(new CrashDisk(Changed(journal, b => b[^1] ^= 1)), 1));
        Assert.Equal(Errno.EIO, error.Error);
        Assert.Contains(journal, error.Message, StringComparison.Ordinal);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_damaged_commit_mark_takes_no_sync_away()
    {
        for (var sector = 0; sector < 4; sector++)
        {
            Assert.Equal(Outcome.Whole, Open(Changed(StoreFiles.Commits, b => b[sector * 512] ^= 1)));
        }
    }

    private Dictionary<string, byte[]> Copy() => _files.ToDictionary(f => f.Key, f => (byte[])f.Value.Clone());

    private Dictionary<string, byte[]> Changed(string name, Action<byte[]> change)
    {
        var files = Copy();
        change(files[name]);
        return files;
    }

    private Outcome Open(Dictionary<string, byte[]> files)
    {
        try
        {
            using var machine = CrashProgram.MachineOn(new CrashDisk(files), 1);
            try
            {
                var state = VolumeState.Of(machine);
                Assert.Equal(_state, state);
                Assert.Empty(Fsck.CheckPages(machine));
                return Outcome.Whole;
            }
            catch (ReflinkException e)
            {
                Assert.Equal(Errno.EIO, e.Error);
                Assert.NotEmpty(Fsck.CheckPages(machine));
                return Outcome.IoError;
            }
        }
        catch (ReflinkException e)
        {
            Assert.Contains(e.Error, (Errno[])[Errno.EIO, Errno.EINVAL]);
            return Outcome.Refused;
        }
    }

    private enum Outcome
    {
        Whole,
        IoError,
        Refused,
    }
}
