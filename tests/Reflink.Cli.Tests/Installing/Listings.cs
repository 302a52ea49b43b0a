using System.Text.RegularExpressions;

namespace Reflink.Cli.Tests.Installing;

/// <summary>The C# listings of a README, as they are printed there.</summary>
internal static partial class Listings
{
    /// <summary>The listings of a README below the top of the repository, in order.</summary>
    public static IReadOnlyList<string> Of(string readme) =>
        [.. Listing().Matches(File.ReadAllText(Path.Combine(Sdk.Repository, readme))).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
