using System.Text;
using Reflink.Vm;

namespace Reflink.Tests.Stories;

/// <summary>
/// A machine and what happens to it: the state at the beginning, then what each step changed. Every step is checked by fsck.
/// </summary>
internal sealed class Tale : IDisposable
{
    /// <summary>The tables that most stories are about.</summary>
    public static readonly string[] Files = ["memory", "blocks", "inodes", "extents", "frames"];

    public static readonly string[] Processes = ["memory", "blocks", "inodes", "extents", "frames", "processes", "mappings"];

    public static readonly string[] Patches = [.. Processes, "recipes", "derived"];

    private readonly StringBuilder _text = new();
    private readonly string[] _tables;
    private Snapshot _before = null!;

    public Tale(
        string[] tables, long memory = 256 << Page.Shift, long swap = 0, CacheKeying keying = CacheKeying.Block,
        SharingDomain domain = SharingDomain.Machine)
    {
        _tables = tables;
        Machine = new Machine(new MachineOptions
        {
            Memory = memory, Swap = swap, VolumeCapacity = 1 << 20, Keying = keying, SharingDomain = domain,
        });
    }

    public Machine Machine { get; }

    /// <summary>Tells the whole state.</summary>
    public Tale Begin()
    {
        Fsck.Require(Machine);
        _before = Machine.Snapshot().Only(_tables);
        _text.Append(_before);
        return this;
    }

    /// <summary>Does something and tells what it changed.</summary>
    public Tale Then(string step, Action action)
    {
        action();
        Fsck.Require(Machine);
        var after = Machine.Snapshot().Only(_tables);
        var changes = Snapshot.Diff(_before, after);
        _text.Append($"\n== {step}\n{(changes.Length > 0 ? changes : "(nothing changed)\n")}");
        _before = after;
        return this;
    }

    /// <summary>The tale of one keying, in a file of its own.</summary>
    public Task Told(CacheKeying keying, [System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Verify(_text.ToString(), sourceFile: file).UseParameters(keying);

    public Task Told([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Verify(_text.ToString(), sourceFile: file);

    /// <summary>A new file of that many pages; page 0 is full of 'A', page 1 of 'B' and so on.</summary>
    public OpenFile File(string path, int pages)
    {
        var file = Machine.Volume.Create(path);
        file.Write(0, Letters(pages));
        return file;
    }

    /// <summary>Reads the first bytes of a file.</summary>
    public byte[] Read(string path, int length)
    {
        using var file = Machine.Volume.Open(path);
        var bytes = new byte[length];
        return bytes[..file.Read(0, bytes)];
    }

    /// <summary>A process that maps that file.</summary>
    public (Process Process, long Address) Mapped(
        string path, Protection protection, bool shared = false, string name = "app", User? user = null)
    {
        var process = Machine.Processes.Spawn(user ?? Machine.Processes.User(0), name);
        using var file = Machine.Volume.Open(path, shared ? OpenFlags.ReadWrite : OpenFlags.Read);
        return (process, process.Memory.Map(file, 0, file.Size, protection, shared ? MappingKind.Shared : MappingKind.Private));
    }

    /// <summary>Loads every page of a mapping.</summary>
    public static void Touch(Process process, long address, int pages)
    {
        for (var i = 0; i < pages; i++)
        {
            process.Memory.Load(address + ((long)i << Page.Shift), new byte[1]);
        }
    }

    public static byte[] Letters(int pages) => Text(pages * Page.Size);

    /// <summary>The first bytes of a file of letters.</summary>
    public static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(('A' + (i >> Page.Shift)) & 0xff))];

    /// <summary>One breakpoint (0xcc) at each offset of a file of <see cref="Letters"/>.</summary>
    public static PatchSet Breakpoints(params long[] offsets)
    {
        var set = new PatchSetBuilder();
        foreach (var offset in offsets)
        {
            set.Add(offset, [(byte)('A' + (offset >> Page.Shift))], [0xcc]);
        }

        return set.Build();
    }

    public void Dispose() => Machine.Dispose();
}
