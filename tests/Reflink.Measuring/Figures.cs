using System.Globalization;

namespace Reflink.Measuring;

/// <summary>Numbers as people read them: three digits that say something, thousands apart, times in a fitting unit.</summary>
public static class Figures
{
    public static string Of(double value) => value.ToString(
        Math.Abs(value) switch { 0 => "0", < 1 => "0.00#", < 10 => "0.0#", < 100 => "0.#", _ => "#,##0" }, CultureInfo.InvariantCulture);

    public static string Time(double nanoseconds) => Math.Abs(nanoseconds) switch
    {
        < 1e3 => Of(nanoseconds) + " ns",
        < 1e6 => Of(nanoseconds / 1e3) + " µs",
        < 1e9 => Of(nanoseconds / 1e6) + " ms",
        _ => Of(nanoseconds / 1e9) + " s",
    };
}
