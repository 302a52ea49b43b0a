namespace Reflink.Studies.Scenarios.Text;

/// <summary>Keys with values, in the order of the file; no key comes twice.</summary>
internal sealed record YamlMap(IReadOnlyList<(YamlScalar Key, YamlPiece Value)> Entries, int Line, int Column) : YamlPiece(Line, Column)
{
    /// <summary>The value of a key; null if the key is not there.</summary>
    public YamlPiece? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Text == key).Value;
}
