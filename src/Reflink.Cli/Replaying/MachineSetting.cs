using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Cli.Caching;
using Reflink.Studies.Experiments;
using Reflink.Studies.Replaying;

namespace Reflink.Cli.Replaying;

/// <summary>The options that have a trace replayed on a machine, not by a policy alone.</summary>
internal sealed class MachineSetting
{
    private readonly Option<bool> _machine = new("--machine") { Description = "Replay on a machine: with real frames, files, page tables, a store and a clock" };
    private readonly Option<bool> _mapped = new("--mapped") { Description = "With --machine: load and store through shared mappings of the files, not read() and write()" };
    private readonly Option<long> _copies = OptionKinds.Number("--copies", 1, 1, 10_000, "With --machine: files for each of the trace, itself and reflinks of it, which accesses go to in turn");
    private readonly Option<string> _keying = OptionKinds.Choice("--keying", KeyingNames.All, "With --machine: by what its page cache finds pages", KeyingNames.All[0]);
    private readonly Option<string> _references = OptionKinds.Choice("--references", MachineChoice.ReferenceNames, "With --machine --mapped: what the policy learns of loads and stores", MachineChoice.ReferenceNames[0]);
    private readonly Option<ByteSize> _faultAround = OptionKinds.FaultAround(64 << 10, "With --machine --mapped: what a load that faults maps at once, as far as it is in memory");
    private readonly Option<ByteSize?> _readAround = OptionKinds.OptionalSize("--read-around", "With --machine --mapped: what is read around a page that a load or store misses; as much as --readahead says, if nothing is said");
    private readonly Option<bool> _merge = new("--merge") { Description = "With --machine --mapped: merge equal pages (ksmd); each copy is mapped private by a process of its own, and a store writes what depends on the page alone" };
    private readonly Option<long> _pagesToScan = OptionKinds.Number("--pages-to-scan", new ReplayMerging().PagesToScan, 1, uint.MaxValue, "With --merge: pages that ksmd looks at when it wakes");
    private readonly Option<long> _sleep = OptionKinds.Number("--sleep", new ReplayMerging().SleepMilliseconds, 1, uint.MaxValue, "With --merge: milliseconds between two wakes (sleep_millisecs)");
    private readonly PressureOptions _pressure = new("With --machine: ");

    /// <summary>Those that say what the machine is like.</summary>
    private IEnumerable<Option> Details => [_mapped, _copies, _keying, _references, _faultAround, _readAround, _merge, _pagesToScan, _sleep, .. _pressure.All];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_machine, .. Details])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Validate);
    }

    /// <summary>Whether there is to be a machine.</summary>
    public bool IsWanted(CommandResult result) => result.GetValue(_machine);

    /// <summary>The machines; null if there are to be none.</summary>
    public MachineReplayOptions? Choose(ParseResult line, int readaheadPages) => !line.GetValue(_machine) ? null : new(_pressure.Apply(line, new MachineOptions
    {
        Keying = KeyingNames.Parse(line.GetValue(_keying)!),
        References = Enum.Parse<ReferenceTracking>(line.GetValue(_references)!, ignoreCase: true),
        FaultAround = line.GetValue(_faultAround).Bytes,
        Readahead = (long)readaheadPages << Page.Shift,
        ReadAround = line.GetValue(_readAround)?.Bytes ?? (long)readaheadPages << Page.Shift,
    }))
    {
        Door = line.GetValue(_mapped) ? TraceDoor.Mapped : TraceDoor.Calls,
        Copies = (int)line.GetValue(_copies),
        Merging = line.GetValue(_merge) ? new((uint)line.GetValue(_pagesToScan), (uint)line.GetValue(_sleep)) : null,
    };

    private void Validate(CommandResult result)
    {
        foreach (var option in Details)
        {
            if (result.IsGiven(option) && !result.GetValue(_machine))
            {
                result.AddError($"{option.Name} is for --machine; give that too");
            }
        }

        foreach (var option in (Option[])[_references, _faultAround, _readAround, _merge])
        {
            if (result.IsGiven(option) && !result.GetValue(_mapped))
            {
                result.AddError($"{option.Name} is for --mapped; give that too");
            }
        }

        foreach (var option in (Option[])[_pagesToScan, _sleep])
        {
            if (result.IsGiven(option) && !result.GetValue(_merge))
            {
                result.AddError($"{option.Name} is for --merge; give that too");
            }
        }
    }
}
