namespace Reflink.Studies.Traces.Calls;

/// <summary>
/// Which descriptor of which process is which open file, as Linux keeps it: fork copies the table, threads share one, dup adds a name.
/// <code>
///   process ──► table ── 3 ──► open file: position, appends
///   its child ► copy  ── 3 ──────┘  ▲
///                        7 ─────────┘  dup2(3, 7)
/// </code>
/// A child may be seen before the call that made it returns; it is then taken for a child of who last called fork and has not returned.
/// </summary>
internal sealed class Descriptors
{
    private readonly Dictionary<int, Dictionary<int, OpenFile>> _tables = [];

    // Who called fork and did not return yet, the latest last; whether the child is a thread; which child was taken for theirs.
    private readonly List<(int Parent, bool IsThread, int Child)> _forks = [];
    private int _latest;

    public OpenFile this[int process, int descriptor]
    {
        get
        {
            var table = Table(process);
            if (!table.TryGetValue(descriptor, out var file))
            {
                table[descriptor] = file = new OpenFile();
            }

            return file;
        }

        set => Table(process)[descriptor] = value;
    }

    public void Close(int process, int from, long to)
    {
        var table = Table(process);
        foreach (var descriptor in table.Keys.Where(d => d >= from && d <= to).ToList())
        {
            table.Remove(descriptor);
        }
    }

    public void BeginFork(int parent, bool isThread)
    {
        _ = Table(parent);
        _forks.Add((parent, isThread, 0));
    }

    public void EndFork(int parent, bool isThread, int child)
    {
        var begun = _forks.FindLastIndex(f => f.Parent == parent);
        var early = begun < 0 ? 0 : _forks[begun].Child;
        if (begun >= 0)
        {
            _forks.RemoveAt(begun);
        }

        if (child > 0 && early != child)
        {
            _tables[child] = Inherit(Table(parent), isThread);
        }
    }

    private Dictionary<int, OpenFile> Table(int process)
    {
        if (!_tables.TryGetValue(process, out var table))
        {
            _tables[process] = table = First(process);
        }

        _latest = process;
        return table;
    }

    private Dictionary<int, OpenFile> First(int process)
    {
        var fork = _forks.FindLastIndex(f => f.Child == 0);
        if (fork >= 0)
        {
            _forks[fork] = _forks[fork] with { Child = process };
            return Inherit(_tables[_forks[fork].Parent], _forks[fork].IsThread);
        }

        // The trace has no calls of fork, or begins in the middle.
        return _tables.TryGetValue(_latest, out var latest) ? Inherit(latest, isThread: false) : [];
    }

    private static Dictionary<int, OpenFile> Inherit(Dictionary<int, OpenFile> table, bool isThread) => isThread ? table : new(table);
}
