using System.CommandLine;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Caching;

/// <summary>The options that say when memory is reclaimed, and how long the disk takes meanwhile.</summary>
/// <param name="needs">What they are for, such as "With --machine: ".</param>
internal sealed class PressureOptions(string needs = "")
{
    private readonly Option<ByteSize> _minFree = OptionKinds.Size(
        "--min-free", 0, $"{needs}Memory that no allocation takes (min_free_kbytes); kswapd reclaims when little more is free. With 0 whoever needs memory reclaims it");

    private readonly Option<string> _device = DeviceOption.Make($"{needs}How long the disk takes, which moves the simulated clock");

    private readonly Option<string> _dirty = DirtyOption.Make(needs);

    public IEnumerable<Option> All => [_minFree, _device, _dirty];

    public MachineOptions Apply(ParseResult line, MachineOptions machine) => machine with { MinFree = line.GetValue(_minFree).Bytes, Device = DeviceOption.Parse(line.GetValue(_device)!), Dirty = DirtyOption.Parse(line.GetValue(_dirty)!) };
}
