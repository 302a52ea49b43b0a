using Reflink.Elf;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>What is said where somebody wrote a word that does not exist.</summary>
internal static class Words
{
    // Of a longer text its beginning is enough to find it by.
    private const int MostText = 80;

    // A longer list hides the word that was meant.
    private const int MostListed = 10;

    /// <summary>A text in a message: its beginning if it is long.</summary>
    public static string Short(string text) => text.Length <= MostText ? text : text[..(MostText - 3)] + "...";

    /// <summary>For <c>polcy</c> and what policies there are: "did you mean policy?", and what else there is if that is not much.</summary>
    public static string Known(string word, IReadOnlyCollection<string> known)
    {
        var all = string.Join(", ", known);
        return NearestNames.Of(word, known) is not [var near, ..] ? $"there are {all}" : known.Count <= MostListed ? $"did you mean {near}? There are {all}" : $"did you mean {near}?";
    }
}
