using Reflink.Tests.Stories;
using Reflink.Vm;

namespace Reflink.Tests.Patching;

/// <summary>A machine with the users ann and bob and a library of letters, two pages and a bit, for tests of who sees what.</summary>
internal sealed class Scene : IDisposable
{
    public const int P = Page.Size;
    public const int Size = (2 * P) + 100;
    private readonly Tale _tale;

    public Scene(long memory = 256 << Page.Shift, SharingDomain domain = SharingDomain.Machine)
    {
        _tale = new Tale(Tale.Patches, memory, domain: domain);
        (Ann, Bob) = (Machine.Processes.AddUser("ann"), Machine.Processes.AddUser("bob"));
        using var file = Machine.Volume.Create("/lib");
        file.Write(0, Tale.Text(Size));
        Machine.Cache.Dirty.CleanAll();
        (Library, Tool) = (Machine.Volume.Open("/lib", OpenFlags.ReadWrite), Machine.Processes.Spawn(Root, "tool"));
    }

    public Machine Machine => _tale.Machine;

    public User Root => Machine.Processes.User(0);

    public User Ann { get; }

    public User Bob { get; }

    /// <summary>A process of root's.</summary>
    public Process Tool { get; }

    public OpenFile Library { get; }

    /// <summary>All but the counters.</summary>
    public string State => Machine.Snapshot().Without("counters").ToString();

    public (Process Process, long Address) Mapped(User user, Protection protection = Protection.ReadExecute, bool shared = false) =>
        _tale.Mapped("/lib", protection, shared, user: user);

    public static string Shown((Process Process, long Address) mapping, long offset, int length)
    {
        var bytes = new byte[length];
        mapping.Process.Memory.Load(mapping.Address + offset, bytes);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }

    public static PatchSet Set(long offset, string old, string @new) => new PatchSetBuilder().Add(offset, Bytes(old), Bytes(@new)).Build();

    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    /// <summary>What shows at a mapping where it has no private pages.</summary>
    public static Reflink.Inodes.Inode Beneath((Process Process, long Address) mapping) => mapping.Process.Memory.Find(mapping.Address)!.Base!;

    /// <summary>How many private pages a mapping has.</summary>
    public static long Copies((Process Process, long Address) mapping) => mapping.Process.Memory.Find(mapping.Address)!.Private?.Map.BlockCount ?? 0;

    public void Dispose()
    {
        Fsck.Require(Machine);
        Library.Dispose();
        Fsck.Require(Machine);
        _tale.Dispose();
    }
}
