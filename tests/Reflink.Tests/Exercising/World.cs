using Reflink.Store;
using Reflink.Tests.Store;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <summary>
/// A machine and beside it the oracle: flat files and flat pages, in which a clone, a fork and a derived file are byte copies.
/// Every method does one thing to both and compares what they say of it.
/// </summary>
internal sealed partial class World : IDisposable
{
    public const int Files = 4;
    public const int Processes = 3;
    public const int Slots = 24;

    // Half of the pages lie before the end of a chunk of 512 page-table entries, half behind it.
    private static readonly VirtualPage s_first = new((1 << 20) - (Slots / 2));

    private readonly WorldKind _kind;
    private readonly List<string>? _notes;
    private readonly FlatFile?[] _files = new FlatFile?[Files];
    private readonly User[] _users;
    private readonly Process _tool;
    private readonly Process[] _processes = new Process[Processes];
    private readonly FlatPage?[][] _memory = new FlatPage?[Processes][];
    private readonly ScratchFolder? _folder;
    private readonly byte[] _buffer = new byte[FlatFile.MostPages * Page.Size];
    private (OpenFile Open, FlatFile Flat)? _held;
    private (Reflink.Inodes.Inode Inode, FlatFile Flat)? _kept;

    public World(WorldKind kind, Rule broken = Rule.None, List<string>? notes = null)
    {
        (_kind, _notes) = (kind, notes);
        _folder = kind.OnFiles ? new ScratchFolder() : null;
        Machine = new Machine(new MachineOptions
        {
            Memory = (long)kind.Frames << Page.Shift,
            Swap = (long)kind.Swap << Page.Shift,
            VolumeCapacity = (long)kind.Capacity << Page.Shift,
            Keying = kind.Keying,
            Readahead = (long)kind.Readahead << Page.Shift,
            Policy = kind.Policy,
            RecipeAware = kind.RecipeAware,
            MapsZeroPage = kind.MapsZeroPage,
            References = kind.References,
            FaultAround = (long)kind.FaultAround << Page.Shift,
            Swappiness = kind.Swappiness,
            MinFree = (long)kind.MinFree << Page.Shift,
            Device = kind.Device,
            Dirty = kind.Dirty,
            ReadAround = (long)kind.ReadAround << Page.Shift,
            PageCluster = kind.PageCluster,
            PageStore = MakeStore(),
        });
        Machine.Changes.Broken = broken;
        Machine.Ksm.Tunables.SmartScan = false;
        _tool = Machine.Processes.Spawn(Machine.Processes.User(0), "tool");
        _users = [Machine.Processes.AddUser("ann"), Machine.Processes.AddUser("bob")];
        for (var p = 0; p < Processes; p++)
        {
            _processes[p] = Machine.Processes.Spawn(_users[p / 2], $"p{p}");
            _memory[p] = new FlatPage?[Slots];
        }
    }

    public Machine Machine { get; }

    public int FileCount => _files.Count(f => f is not null);

    public void Dispose()
    {
        _held?.Open.Dispose();
        Machine.Dispose();
        _folder?.Dispose();
    }

    public FlatPage? PageOf(int process, int slot) => _memory[process][slot];

    public FlatFile? FileOf(int file) => _files[file];

    // On files, so little of it stays in memory that most reads go to the device.
    private IPageStore MakeStore() => _folder is not null ? new FasterPageStore(FileSlotsOf.Pages(6, _folder.Path))
        : _kind.OnFaster ? new FasterPageStore()
        : new RefusingPageStore(new DictionaryPageStore());

    private static string NameOf(int file) => $"/f{file}";

    private static long AddressOf(int slot) => (s_first + slot).Address;

    private static string Attempted(Errno? expected) => expected is { } e ? $" -> {e}" : "";

    /// <summary>Does it, and compares how it ended with what the oracle expects. False: it failed, and nothing has changed.</summary>
    private bool Try(Errno? expected, Action act)
    {
        try
        {
            act();
        }
        catch (ReflinkException e) when (e.Error == expected || IsShortOf(e.Error))
        {
            _notes?.Add($"    {e.Error}");
            return false;
        }
        catch (ReflinkException e)
        {
            throw new Failure($"{e.Error} instead of {expected?.ToString() ?? "success"}: {e.Message}");
        }

        return expected is null ? true : throw new Failure($"success instead of {expected}");
    }

    // Memory may run out only when all of it is anonymous pages that find no swap, give or take what one operation leases.
    private bool IsShortOf(Errno error) => error switch
    {
        Errno.ENOMEM => Machine.Space.Live(BlockKind.Anonymous) + 4 >= _kind.Frames + _kind.Swap,
        Errno.ENOSPC => Machine.Space.Live(BlockKind.Stored) + FlatFile.MostPages + 1 > _kind.Capacity,
        _ => false,
    };
}
