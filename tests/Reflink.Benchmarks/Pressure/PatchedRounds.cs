using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Benchmarks.Pressure;

/// <summary>
/// Processes that map a binary, half of them patched, use all its text in turn, round by round, in less memory than the binary and its patched
/// pages take.
/// </summary>
internal sealed class PatchedRounds : IDisposable
{
    private const string File = "/binary";
    private const int Processes = 25;

    private readonly PatchedBinary _binary;
    private readonly Machine _machine;
    private readonly (Process Process, long Address)[] _plain;
    private readonly (Process Process, long Address)[] _patched;

    /// <summary>Starts the processes.</summary>
    /// <param name="binary">What they map; the last of its sets but the rest is applied.</param>
    /// <param name="set">The patches.</param>
    /// <param name="options">The machine.</param>
    /// <param name="copies">Whether each patched process writes the patches to private copies, as debuggers do, instead of text_poke().</param>
    public PatchedRounds(PatchedBinary binary, PatchSet set, MachineOptions options, bool copies)
    {
        (_binary, _machine) = (binary, new Machine(options));
        _machine.Volume.Import(binary.Path, File);
        _plain = [.. Enumerable.Range(0, Processes).Select(_ => Start(copies))];
        _patched = [.. Enumerable.Range(0, Processes).Select(_ => Start(copies))];
        foreach (var (process, address) in _patched)
        {
            if (copies)
            {
                Write(process, address, set);
            }
            else
            {
                _machine.TextPoke.Apply(process, address, set);
            }
        }

        _machine.DropCaches();
    }

    /// <summary>Pages that are in swap.</summary>
    public long Swapped => _machine.Cache.SwapPages.Used;

    /// <summary>All processes load a byte of every page, a patched one after one that is not.</summary>
    /// <returns>Pages read from the store, and pages made from recipes.</returns>
    public (long Reads, long Made) Round()
    {
        var (reads, made) = (_machine.Meter.Total(WorkKind.StoreRead), _machine.Meter.Total(WorkKind.PageDerived));
        foreach (var (plain, patched) in _plain.Zip(_patched))
        {
            Touch(plain);
            Touch(patched);
        }

        return (_machine.Meter.Total(WorkKind.StoreRead) - reads, _machine.Meter.Total(WorkKind.PageDerived) - made);
    }

    public void Dispose() => _machine.Dispose();

    private void Touch((Process Process, long Address) mapping)
    {
        Span<byte> touched = stackalloc byte[1];
        for (var page = 0L; page < _binary.Text.Length; page++)
        {
            mapping.Process.Memory.Load(mapping.Address + (page << Page.Shift), touched);
        }
    }

    private void Write(Process process, long address, PatchSet set)
    {
        var start = address - _binary.Text.Start.Offset;
        for (var n = 0; n < set.Count; n++)
        {
            process.Memory.Store(start + set.Offset(n), set.New(n));
        }
    }

    private (Process Process, long Address) Start(bool writable)
    {
        using var file = _machine.Volume.Open(File);
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "traced");
        var protection = Protection.Read | Protection.Execute | (writable ? Protection.Write : Protection.None);
        return (process, process.Memory.Map(file, _binary.Text.Start.Offset, _binary.Text.Length << Page.Shift, protection));
    }
}
