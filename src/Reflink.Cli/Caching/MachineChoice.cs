using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>The options that say what the machines are made of: one for each keying.</summary>
internal sealed class MachineChoice
{
    /// <summary>What a policy may learn of loads and stores, by name; the usual one first.</summary>
    public static readonly IReadOnlyList<string> ReferenceNames = [.. Enum.GetNames<ReferenceTracking>().Select(name => name.ToLowerInvariant())];

    private static readonly IReadOnlyList<string> s_outOfMemoryNames = [.. Enum.GetNames<OutOfMemory>().Select(name => name.ToLowerInvariant())];

    private readonly Option<string> _keying = OptionKinds.List("--keying", KeyingNames.All, "By what the page cache finds pages: by block, so that clones share frames; by inode and page, as in Linux; or by content, as EROFS can; with several, the steps run once for each", KeyingNames.All[0]);
    private readonly Option<ByteSize> _memory = OptionKinds.Size("--memory", 64 << 20, "Memory of the machine: 64 KiB at the least");
    private readonly Option<ByteSize> _volume = OptionKinds.Size("--volume", 1L << 40, "What the volume can hold");
    private readonly Option<string> _policy = OptionKinds.Choice("--policy", ReplacementPolicies.Names, "What chooses whom to evict", ReplacementPolicies.Names[0]);
    private readonly Option<string> _references = OptionKinds.Choice("--references", ReferenceNames, "What the policy learns of loads and stores: accessed bits when memory is short, as on a real machine, or exactly each of them", ReferenceNames[0]);
    private readonly Option<ByteSize> _faultAround = OptionKinds.FaultAround(Page.Size, "What a load that faults maps at once, as far as it is in memory: 64KiB on most kernels");
    private readonly Option<ByteSize> _readAround = OptionKinds.Size("--read-around", 0, "What is read around a page that a load or store misses: 128KiB on most kernels");
    private readonly PressureOptions _pressure = new();
    private readonly Option<ByteSize?> _swap = OptionKinds.OptionalSize("--swap", "Swap space for private pages of processes; without it they stay in memory", Page.Size);
    private readonly Option<long> _pageCluster = OptionKinds.Number("--page-cluster", 0, 0, 31, "With --swap: log2 of the pages that a load or store reads at the most, around one that is in swap: 3 on most kernels");
    private readonly Option<long> _swappiness = OptionKinds.Number("--swappiness", 60, 0, 200, "With --policy linux or mglru and --swap: how readily private pages leave rather than pages of files");
    private readonly Option<string> _outOfMemory = OptionKinds.Choice("--out-of-memory", s_outOfMemoryNames, "What happens when no memory can be reclaimed: the step fails, or the process that holds the most memory is killed, as in Linux", s_outOfMemoryNames[0]);
    private readonly Option<string?> _store = OptionKinds.Path("--store", "Keep the disk in files in this folder, not in memory: scratch space, its pages are deleted afterwards", "FOLDER");
    private readonly Option<ByteSize> _storeMemory = OptionKinds.Size("--store-memory", 128 << 20, "Memory that a disk in files may take");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_keying, _memory, _volume, _policy, _references, _faultAround, _readAround, .. _pressure.All, _swap, _pageCluster, _swappiness, _outOfMemory, _store, _storeMemory])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Validate);
    }

    /// <summary>A machine for each keying that was asked for.</summary>
    public IReadOnlyList<MachineOptions> Choose(ParseResult line) => [.. line.GetValue(_keying)!.Split(',').Select(name => _pressure.Apply(line, new MachineOptions
    {
        Memory = line.GetValue(_memory).Bytes,
        VolumeCapacity = line.GetValue(_volume).Bytes,
        Keying = KeyingNames.Parse(name),
        Policy = line.GetValue(_policy)!,
        References = Enum.Parse<ReferenceTracking>(line.GetValue(_references)!, ignoreCase: true),
        FaultAround = line.GetValue(_faultAround).Bytes,
        ReadAround = line.GetValue(_readAround).Bytes,
        Swap = line.GetValue(_swap)?.Bytes ?? 0,
        PageCluster = (int)line.GetValue(_pageCluster),
        Swappiness = (int)line.GetValue(_swappiness),
        OutOfMemory = Enum.Parse<OutOfMemory>(line.GetValue(_outOfMemory)!, ignoreCase: true),
        Store = line.GetValue(_store) is { } folder ? new StoreOptions { Folder = folder, Memory = line.GetValue(_storeMemory).Bytes } : null,
    }))];

    private void Validate(CommandResult result)
    {
        if (result.IsGiven(_swappiness) && !(result.IsGiven(_swap) && result.GetResult(_policy)?.Tokens.Any(token => token.Value is "linux" or "mglru") == true))
        {
            result.AddError("--swappiness is for --policy linux or mglru with --swap; give those too, such as --policy linux --swap 64MiB");
        }

        if (result.IsGiven(_pageCluster) && !result.IsGiven(_swap))
        {
            result.AddError("--page-cluster is for --swap; give that too, such as --swap 64MiB");
        }

        if (result.IsGiven(_storeMemory) && !result.IsGiven(_store))
        {
            result.AddError("--store-memory is for --store; give that too, such as --store /tmp/disk");
        }
    }
}
