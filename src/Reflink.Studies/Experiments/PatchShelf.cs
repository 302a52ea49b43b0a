using Reflink.Patching;
using Reflink.Units;

namespace Reflink.Studies.Experiments;

/// <summary>Patch sets that steps made, by name, and the uprobes that were put at them.</summary>
internal sealed class PatchShelf
{
    private readonly Dictionary<string, PatchSet> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Set, string File), UprobeLink> _probes = [];

    public void Add(string name, PatchSet set)
    {
        if (!_sets.TryAdd(name, set))
        {
            throw new ReflinkException(Errno.EEXIST, $"there is a patch set '{name}'; give this one another name");
        }
    }

    public PatchSet Set(string name) => _sets.TryGetValue(name, out var set) ? set
        : throw new ReflinkException(Errno.ENOENT, $"there is no patch set '{name}'; 'sites NAME {name} COUNT' makes one");

    public void Keep(string set, string file, UprobeLink probe) => _probes[(set, file)] = probe;

    public UprobeLink TakeProbe(string set, string file) => _probes.Remove((set, file), out var probe) ? probe
        : throw new ReflinkException(Errno.ENOENT, $"there are no uprobes of '{set}' in '{file}'; 'probe {set} {file}' puts them there");
}
