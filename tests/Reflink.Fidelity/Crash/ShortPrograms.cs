using Reflink.Descriptions;
using Reflink.Units;

namespace Reflink.Fidelity.Crash;

/// <summary>
/// All programs of up to three operations that end in a sync, over few names and places, on a volume that has one synced file:
/// most of the crash bugs that were ever found in filesystems show in such (CrashMonkey and ACE, TOS 2019).
/// </summary>
internal static class ShortPrograms
{
    // Of some forty moments of each program, of which most are the same in all.
    private const int MostMoments = 4;

    private static readonly Action<Machine>[] s_operations =
    [
        m => Write(m, "/a", 0, 7),
        m => Write(m, "/b", 1, 8),
        m => m.Volume.Clone("/a", "/b"),
        m => m.Volume.Rename("/a", "/b"),
        m => m.Volume.Rename("/b", "/a"),
        m => m.Volume.Link("/a", "/c"),
        m => m.Volume.Unlink("/a"),
        m => With(m, "/a", f => f.Truncate(100)),
        m => With(m, "/a", f => f.PunchHole(0, Page.Size)),
        m => With(m, "/a", f => m.Volume.CloneRange(f, 0, Page.Size, f, 2 * Page.Size)),
        m => m.Volume.Derive(new ChangeDescription.Builder(new DescribedBase(m.Volume.Stat("/a").Size, "/a")).Write(5, "new"u8).Build(), "/b"),
        m => m.DropCaches(),
        m => m.Volume.Sync(),
    ];

    /// <summary>The programs, as which operations they do.</summary>
    public static IEnumerable<int[]> All()
    {
        var all = Enumerable.Range(0, s_operations.Length).ToArray();
        return all.Select(a => (int[])[a])
            .Concat(all.SelectMany(a => all.Select(b => (int[])[a, b])))
            .Concat(all.SelectMany(a => all.SelectMany(b => all.Select(c => (int[])[a, b, c]))));
    }

    /// <summary>Plays one and looks at every crash state of it.</summary>
    public static CrashRun Run(int[] program)
    {
        var seed = program.Aggregate(1, (s, n) => (s * s_operations.Length) + n);
        return CrashRun.Play(seed, program.Length + 2, StepsOf(program), MostMoments);
    }

    private static Func<Machine, bool> StepsOf(int[] program)
    {
        var at = -2;
        return machine =>
        {
            var step = at++;
            if (step == -2)
            {
                Write(machine, "/a", 0, 3);
                Write(machine, "/a", 1, 4);
                return false;
            }

            var operation = step == -1 ? s_operations.Length - 1 : program[step];
            try
            {
                s_operations[operation](machine);
            }
            catch (ReflinkException e) when (e.Error is Errno.ENOENT or Errno.EEXIST or Errno.EINVAL)
            {
                // The operation before took the file away, or made the name.
            }

            return operation == s_operations.Length - 1;
        };
    }

    private static void Write(Machine machine, string path, int page, byte value)
    {
        using var file = machine.Volume.Open(path, OpenFlags.ReadWrite | OpenFlags.Create);
        var bytes = new byte[Page.Size];
        Array.Fill(bytes, value);
        file.Write((long)page * Page.Size, bytes);
    }

    private static void With(Machine machine, string path, Action<OpenFile> use)
    {
        using var file = machine.Volume.Open(path, OpenFlags.ReadWrite);
        use(file);
    }
}
