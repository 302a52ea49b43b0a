namespace Reflink.Studies.Scenarios.Text;

/// <summary>A piece of a YAML file, and where it begins: the line and the column, counted from 1.</summary>
internal abstract record YamlPiece(int Line, int Column);
