namespace Reflink.Cli.Reporting;

/// <summary>A figure in a table that can be written in fewer digits.</summary>
/// <param name="Full">With all digits that make sense.</param>
/// <param name="Short">With fewer.</param>
internal sealed record Quantity(string Full, string Short)
{
    /// <summary>A figure with digits that are all needed.</summary>
    public static Quantity Of(string text) => new(text, text);
}
