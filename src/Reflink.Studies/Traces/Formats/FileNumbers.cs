
namespace Reflink.Studies.Traces.Formats;

// Names of files or disks as numbers, in the order in which they come up.
internal sealed class FileNumbers
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public FileNumbers() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _numbers.Count;

    public int this[ReadOnlySpan<char> name]
    {
        get
        {
            if (!_lookup.TryGetValue(name, out var number))
            {
                number = _numbers.Count;
                _lookup[name] = number;
            }

            return number;
        }
    }
}
