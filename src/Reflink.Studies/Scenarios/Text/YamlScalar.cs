namespace Reflink.Studies.Scenarios.Text;

/// <summary>A word, number or text; without anything written the text is empty.</summary>
internal sealed record YamlScalar(string Text, int Line, int Column) : YamlPiece(Line, Column);
