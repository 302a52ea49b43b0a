using System.Text;

namespace Reflink.Studies.Experiments;

/// <summary>Cuts a line into words: at blanks, but not within '...' or "..."; a word that begins with # ends the line.</summary>
internal static class StepWords
{
    /// <summary>The words; null if a quote is not closed.</summary>
    public static List<string>? Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        foreach (var c in line)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                word.Append(quote == '\0' ? "" : c.ToString());
            }
            else if (c is '\'' or '"')
            {
                (inWord, quote) = (true, c);
            }
            else if (!char.IsWhiteSpace(c) && (c != '#' || inWord))
            {
                inWord = true;
                word.Append(c);
            }
            else
            {
                EndWord();
                if (c == '#')
                {
                    break;
                }
            }
        }

        EndWord();
        return quote == '\0' ? words : null;

        void EndWord()
        {
            if (inWord)
            {
                words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
        }
    }
}
