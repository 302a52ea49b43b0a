using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Reflink.Testing;
using Reflink.Units;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Anonymous memory of this process that is in swap, on a loop device: which pages the kernel reads around those that loads miss.</summary>
internal sealed unsafe partial class LiveSwap : IDisposable
{
    private const string PageCluster = "/proc/sys/vm/page-cluster";
    private const string ByMapping = "/sys/kernel/mm/swap/vma_ra_enabled";

    // Pages of one page table on x86-64.
    private const int PagesOfTable = 512;
    private const int Fixed = 0x10;
    private const int PageOut = 21;
    private const int MostRounds = 100;
    private const int RoundsUntilStuck = 10;

    // Swap and page-cluster are the whole computer's, so one process at a time has them.
    private static readonly string s_lock = Path.Combine(Path.GetTempPath(), "reflink-live-swap.lock");
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock = WaitForOthers();
    private readonly Undo _undo = new();
    private readonly ScratchFolder _home = new("swap");
    private readonly int _pages;
    private readonly string _device;
    private readonly nint _start;

    private LiveSwap(int pages, int pageCluster, VirtualPage place)
    {
        _pages = pages;
        try
        {
            if (File.ReadLines("/proc/swaps").Skip(1).Any())
            {
                throw new IOException("there is swap already, and with a rotating disk among it the kernel reads ahead by place");
            }

            _device = MakeSwap();
            _undo.Do(PageCluster, () => Exchange(pageCluster.ToString(CultureInfo.InvariantCulture)), text => Exchange(text));
            _start = MapAs(place);
            for (var page = 0; page < pages; page++)
            {
                *(byte*)AddressOf(page) = ValueOf(page);
            }

            SwapOut();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes it; null, and why, where that cannot be done.</summary>
    /// <param name="pages">How many pages there are.</param>
    /// <param name="pageCluster">What /proc/sys/vm/page-cluster is to be meanwhile.</param>
    /// <param name="place">A page that lies in its page table where the first one is to lie.</param>
    /// <param name="why">Why not.</param>
    public static LiveSwap? Try(int pages, int pageCluster, VirtualPage place, out string why)
    {
        why = !OperatingSystem.IsLinux() || Environment.UserName != "root" ? "swap needs Linux, and root to switch it on"
            : !File.Exists(ByMapping) || File.ReadAllText(ByMapping).Trim() != "true" ? $"the kernel reads swap ahead by place, not by mapping ({ByMapping})"
            : "";
        try
        {
            return why.Length == 0 ? new LiveSwap(pages, pageCluster, place) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = e.Message;
            return null;
        }
    }

    /// <summary>What a page holds; not zeroes, which the kernel does not write.</summary>
    public static byte ValueOf(int page) => (byte)((page % 255) + 1);

    /// <summary>The pages that are in memory, with a page-table entry or only in the swap cache (mincore(2)), when all that was asked for has been read.</summary>
    public IReadOnlyList<int> Resident
    {
        get
        {
            BlockReads.Await(_device);
            var core = new byte[_pages];
            fixed (byte* bytes = core)
            {
                Native.Check(InCore(_start, (nint)_pages * Page.Size, bytes) == 0, "mincore");
            }

            return [.. Enumerable.Range(0, _pages).Where(page => (core[page] & 1) != 0)];
        }
    }

    /// <summary>Loads a byte of a page.</summary>
    public byte Load(int page) => *(byte*)AddressOf(page);

    /// <summary>Gives up the memory and the swap.</summary>
    public void Dispose()
    {
        _undo.Dispose();
        _home.Dispose();
        _lock.Dispose();
    }

    private static FileStream WaitForOthers()
    {
        for (var watch = Stopwatch.StartNew(); ; Thread.Sleep(50))
        {
            try
            {
                return new FileStream(s_lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                if (watch.Elapsed > s_longestWait)
                {
                    throw new IOException($"another process has had swap for its tests for {s_longestWait.TotalSeconds} seconds ({s_lock})", e);
                }
            }
        }
    }

    // Four times as large as what is swapped, since pages of swap that is half full lose their places when they come back.
    private string MakeSwap()
    {
        var image = _home.Of("image");
        _undo.Do(image, () => BlockDevice.Fill(image, 4L * _pages * Page.Size), File.Delete);
        var device = _undo.Do("the loop device", () => Shell.Run("losetup", "--find", "--show", image), made => Shell.Insist(() => Shell.Run("losetup", "--detach", made)));
        var folder = $"/sys/block/{Path.GetFileName(device)}";
        File.WriteAllText($"{folder}/queue/rotational", "0");
        Shell.Run("mkswap", device);
        _undo.Do($"swap on {device}", () => Shell.Run("swapon", device), _ => Shell.Run("swapoff", device));
        return folder;
    }

    private nint MapAs(VirtualPage place)
    {
        var length = (nint)(_pages + PagesOfTable) * Page.Size;
        var reserved = _undo.Do("memory", () => Map(0, length, 0, Native.Private | Native.Anonymous), at => Native.Unmap(at, length));
        var first = VirtualPage.Of(reserved) + (PagesOfTable - 1);
        first = new VirtualPage((first.Value & -(long)PagesOfTable) + (place.Value & (PagesOfTable - 1)));
        first += first >= VirtualPage.Of(reserved) + PagesOfTable ? -PagesOfTable : 0;
        var start = Map((nint)first.Address, (nint)_pages * Page.Size, Native.ReadWrite, Native.Private | Native.Anonymous | Fixed);
        Native.Check(Native.Advise(start, (nint)_pages * Page.Size, Native.NoHugePage) == 0, "madvise");
        return start;
    }

    // A page that was just written to swap stays in memory. It is loaded again, so that the next time there is nothing to write. Where none leaves
    // they are stored again: the kernel leaves out pages that are shared with another process, as after a fork, and a store ends that.
    private void SwapOut()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            Native.Check(Native.Advise(_start, (nint)_pages * Page.Size, PageOut) == 0, "madvise");
            if (Resident.Count == 0)
            {
                return;
            }

            Thread.Sleep(10);
            var isStuck = round % RoundsUntilStuck == RoundsUntilStuck - 1 && Resident.Count == _pages;
            for (var page = _pages - 1; page >= 0; page--)
            {
                var value = Load(page);
                if (isStuck)
                {
                    *(byte*)AddressOf(page) = value;
                }
            }
        }

        throw new IOException($"{Resident.Count} of {_pages} pages stay in memory, though they are to be paged out; /proc/swaps says {string.Join(" | ", File.ReadLines("/proc/swaps").Skip(1))}");
    }

    private static nint Map(nint address, nint length, int protection, int flags)
    {
        var at = Native.Map(address, length, protection, flags, -1, 0);
        Native.Check(at != -1, "mmap");
        return at;
    }

    private static string Exchange(string text)
    {
        var before = File.ReadAllText(PageCluster).Trim();
        File.WriteAllText(PageCluster, text);
        return before;
    }

    private nint AddressOf(int page) => _start + ((nint)page * Page.Size);

    [LibraryImport("libc", EntryPoint = "mincore", SetLastError = true)]
    private static partial int InCore(nint address, nint length, byte* core);
}
