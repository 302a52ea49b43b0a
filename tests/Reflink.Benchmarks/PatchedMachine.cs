using Reflink.Files;
using Reflink.Machines;
using Reflink.Patching;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Benchmarks;

/// <summary>
/// Our side of the patch benchmark: a new machine, whose processes map the binary's text and have touched every page of it.
/// </summary>
internal sealed class PatchedMachine : IDisposable
{
    private const string File = "/binary";
    private readonly PatchedBinary _binary;
    private readonly Machine _machine = new();
    private readonly (Process Process, long Address)[] _all;

    public PatchedMachine(PatchedBinary binary, int processes)
    {
        _binary = binary;
        _machine.Volume.Import(binary.Path, File);
        _all = [.. Enumerable.Range(0, processes).Select(_ => Start())];
    }

    public void Poke(PatchSet set) => Poke(set, _all);

    /// <summary>Pokes in the last process only.</summary>
    public void PokeLast(PatchSet set) => Poke(set, _all.AsSpan()[^1..]);

    /// <summary>Pokes in all processes but the last.</summary>
    public void PokeOthers(PatchSet set) => Poke(set, _all.AsSpan()[..^1]);

    public void Revert(PatchSet set)
    {
        foreach (var (process, address) in _all)
        {
            _machine.TextPoke.Revert(process, address, set);
        }
    }

    /// <summary>Loads every patched byte in every process, one at a time, and insists that it is the new one.</summary>
    public void LoadNew(PatchSet set)
    {
        foreach (var (process, address) in _all)
        {
            var start = address - _binary.Text.Start.Offset;
            for (var i = 0; i < set.Count; i++)
            {
                Load(process, start + set.Offset(i), set.New(i)[0]);
            }
        }
    }

    public void LoadOld(PatchSet set) => LoadNew(set.Inverse());

    public void Dispose() => _machine.Dispose();

    private static void Load(Process process, long address, byte expected)
    {
        Span<byte> found = stackalloc byte[1];
        process.Memory.Load(address, found);
        if (found[0] != expected)
        {
            throw new InvalidOperationException($"{process} shows {found[0]:x2} at 0x{address:x}, not {expected:x2}");
        }
    }

    private void Poke(PatchSet set, ReadOnlySpan<(Process Process, long Address)> processes)
    {
        foreach (var (process, address) in processes)
        {
            _machine.TextPoke.Apply(process, address, set);
        }
    }

    private (Process Process, long Address) Start()
    {
        using var file = _machine.Volume.Open(File);
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "traced");
        var address = process.Memory.Map(file, _binary.Text.Start.Offset, _binary.Text.Length << Page.Shift, Protection.Read | Protection.Execute);
        Span<byte> touched = stackalloc byte[1];
        for (var page = 0L; page < _binary.Text.Length; page++)
        {
            process.Memory.Load(address + (page << Page.Shift), touched);
        }

        return (process, address);
    }
}
