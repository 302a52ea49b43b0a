namespace Reflink.Studies.Scenarios.Text;

/// <summary>Items in order.</summary>
internal sealed record YamlList(IReadOnlyList<YamlPiece> Items, int Line, int Column) : YamlPiece(Line, Column);
