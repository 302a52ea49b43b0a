namespace Reflink.Tests.Tidy;

/// <summary>A place that breaks a rule of the house.</summary>
public sealed record Offence(string Path, int Line, string Rule)
{
    public override string ToString() => $"{Path}:{Line} {Rule}";
}
