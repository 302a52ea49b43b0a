using System.Collections.Concurrent;
using System.IO.Hashing;

namespace Reflink.Studies.Scenarios;

/// <summary>What is in files of this computer, as hashes; each file is read once.</summary>
internal sealed class FilePrints
{
    private readonly ConcurrentDictionary<string, string> _prints = new(StringComparer.Ordinal);

    /// <summary>The hash of a file's content; of one that is not there nothing.</summary>
    public string Of(string path) => _prints.GetOrAdd(path, static path =>
    {
        if (!File.Exists(path))
        {
            return "";
        }

        var hash = new XxHash128();
        using var stream = File.OpenRead(path);
        hash.Append(stream);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    });
}
