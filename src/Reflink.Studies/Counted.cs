using System.Globalization;

namespace Reflink.Studies;

/// <summary>Numbers of things in sentences: 1 page, 2,000 pages.</summary>
public static class Counted
{
    /// <summary>A number with what it counts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What several are called, if not the same with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:n0} {(count == 1 ? one : many ?? one + "s")}");
}
