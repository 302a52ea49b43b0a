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

    /// <summary>Loads every patched byte in every process, a load each, and insists that it is the new one. Process by process within a page.</summary>
    /// <param name="bytes">What shall be there.</param>
    public void Load(PatchedBytes bytes)
    {
        for (var (first, end) = (0, 0); first < bytes.Offsets.Length; first = end)
        {
            var page = PageIndex.Of(bytes.Offsets[first]);
            for (end = first + 1; end < bytes.Offsets.Length && PageIndex.Of(bytes.Offsets[end]) == page; end++)
            {
            }

            foreach (var (process, address) in _all)
            {
                Load(process, address, bytes, first, end);
            }
        }
    }

    /// <summary>The same, one process after the other.</summary>
    /// <param name="bytes">What shall be there.</param>
    public void LoadByProcess(PatchedBytes bytes)
    {
        foreach (var (process, address) in _all)
        {
            Load(process, address, bytes, 0, bytes.Offsets.Length);
        }
    }

    public void LoadNew(PatchSet set) => Load(new PatchedBytes(set));

    public void LoadOld(PatchSet set) => LoadNew(set.Inverse());

    public void Dispose() => _machine.Dispose();

    private void Load(Process process, long address, PatchedBytes bytes, int first, int end)
    {
        var start = address - _binary.Text.Start.Offset;
        for (var i = first; i < end; i++)
        {
            var found = process.Memory.Load<byte>(start + bytes.Offsets[i]);
            if (found != bytes.Values[i])
            {
                throw new InvalidOperationException($"{process} shows {found:x2} at file offset 0x{bytes.Offsets[i]:x}, not {bytes.Values[i]:x2}");
            }
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
