using System.Globalization;
using System.Text;
using Reflink.Inodes;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>
/// /proc/PID/smaps and the lines of /proc/PID/status that tell of memory, as the kernel writes them (show_smap, fs/proc/task_mmu.c; proc_pid_status, fs/proc/array.c). Lines of what a machine does not
/// keep are left out; it has no huge pages.
/// </summary>
internal static class ProcessFiles
{
    // Names and paths begin at this column (show_vma_header_prefix and seq_pad).
    private const int PathColumn = 73;

    /// <summary>The files of a process.</summary>
    public static IEnumerable<ControlFile> Of(Machine machine, Process process) =>
    [
        new($"/proc/{process.Id}/smaps", () => Smaps(machine, process)),
        new($"/proc/{process.Id}/status", () => Status(machine, process)),
    ];

    private static string Smaps(Machine machine, Process process)
    {
        var (text, smaps) = (new StringBuilder(), machine.Smaps());
        foreach (var vma in process.Memory.Mappings)
        {
            var entry = smaps.Of(process, vma);
            text.Append(Header(machine, vma)).Append('\n');
            foreach (var (name, kib) in Lines(vma, entry))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{kib,8} kB\n");
            }

            text.Append("VmFlags: ").AppendJoin(' ', Flags(vma)).Append(" \n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static IEnumerable<(string Name, long KiB)> Lines(Vma vma, SmapsEntry entry) =>
    [
        ("Size", vma.Length << (Page.Shift - 10)), ("KernelPageSize", Page.Size >> 10), ("MMUPageSize", Page.Size >> 10), ("Rss", entry.Rss >> 10), ("Pss", entry.PssKiB),
        ("Shared_Clean", entry.SharedClean >> 10), ("Shared_Dirty", entry.SharedDirty >> 10), ("Private_Clean", entry.PrivateClean >> 10), ("Private_Dirty", entry.PrivateDirty >> 10),
        ("Referenced", entry.Referenced >> 10), ("Anonymous", entry.Anonymous >> 10), ("KSM", entry.Ksm >> 10), ("LazyFree", entry.LazyFree >> 10), ("Locked", vma.IsLocked ? entry.PssKiB : 0),
    ];

    private static string Header(Machine machine, Vma vma)
    {
        var rights = $"{Mark('r', Protection.Read)}{Mark('w', Protection.Write)}{Mark('x', Protection.Execute)}{(vma.IsShared ? 's' : 'p')}";
        var offset = vma.File is null ? 0 : vma.FilePage.Value << Page.Shift;
        var header = string.Create(
            CultureInfo.InvariantCulture, $"{vma.Start.Address:x8}-{vma.End.Address:x8} {rights} {offset:x8} 00:{(vma.File is null ? 0 : 1):x2} {vma.File?.Number.Value ?? 0} ");
        return vma.File is { } file ? header.PadRight(PathColumn) + PathOf(machine, file) : header;

        char Mark(char letter, Protection right) => (vma.Protection & right) != 0 ? letter : '-';
    }

    private static string PathOf(Machine machine, Inode file) => InodePaths.Of(machine.Inodes, file.Number) is [var path, ..] ? path : $"{file} (deleted)";

    private static IEnumerable<string> Flags(Vma vma)
    {
        (string Name, bool IsSet)[] flags =
        [
            ("rd", (vma.Protection & Protection.Read) != 0), ("wr", (vma.Protection & Protection.Write) != 0), ("ex", (vma.Protection & Protection.Execute) != 0), ("sh", vma.IsShared && vma.MayWrite),
            ("mr", true), ("mw", vma.MayWrite), ("me", true), ("ms", vma.IsShared), ("lo", vma.IsLocked), ("sr", vma.Pattern == Advice.Sequential), ("rr", vma.Pattern == Advice.Random),
            ("lf", vma.IsLockedOnFault), ("mg", vma.IsMergeable),
        ];
        return flags.Where(flag => flag.IsSet).Select(flag => flag.Name);
    }

    private static string Status(Machine machine, Process process)
    {
        var (sum, mappings) = (machine.Smaps().Of(process), process.Memory.Mappings);
        (string Name, long KiB)[] sizes =
        [
            ("VmSize", mappings.Sum(vma => vma.Length) << (Page.Shift - 10)), ("VmLck", mappings.Where(vma => vma.IsLocked).Sum(vma => vma.Length) << (Page.Shift - 10)),
            ("VmRSS", sum.Rss >> 10), ("RssAnon", sum.Anonymous >> 10), ("RssFile", (sum.Rss - sum.Anonymous) >> 10),
        ];
        return string.Join('\n',
        [
            $"Name:\t{process.Name}", $"Pid:\t{process.Id}", $"PPid:\t{process.Parent}",
            .. sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Name}:\t{size.KiB,8} kB")),
        ]);
    }
}
