using System.Text;

namespace Reflink.Studies.Experiments;

/// <summary>Cuts a line into words: at blanks, but not within '...' or "..."; a word that begins with # ends the line.</summary>
internal sealed class StepWords
{
    private readonly List<string> _words = [];
    private readonly StringBuilder _word = new();
    private bool _inWord;
    private bool _hasEnded;
    private char _quote;

    /// <summary>The words of a line; null if a quote is not closed.</summary>
    public static List<string>? Split(string line)
    {
        var words = new StepWords();
        words.Add(line);
        return words.End();
    }

    /// <summary>A word in quotes if it would be cut or mean something else without.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"' or '#') ? word
        : !word.Contains('\'', StringComparison.Ordinal) ? $"'{word}'"
        : !word.Contains('"', StringComparison.Ordinal) ? $"\"{word}\""
        : string.Join("\"'\"", word.Split('\'').Select(part => part.Length == 0 ? "" : $"'{part}'"));

    /// <summary>Adds a piece of the line.</summary>
    public void Add(string piece)
    {
        foreach (var c in piece)
        {
            if (_quote != '\0')
            {
                _quote = c == _quote ? '\0' : _quote;
                _word.Append(_quote == '\0' ? "" : c.ToString());
            }
            else if (_hasEnded)
            {
                return;
            }
            else if (c is '\'' or '"')
            {
                (_inWord, _quote) = (true, c);
            }
            else if (!char.IsWhiteSpace(c) && (c != '#' || _inWord))
            {
                _inWord = true;
                _word.Append(c);
            }
            else
            {
                EndWord();
                _hasEnded = c == '#';
            }
        }
    }

    /// <summary>Adds a text to the word that goes on or begins: its blanks and quotes divide nothing.</summary>
    public void AddWhole(string text)
    {
        if (!_hasEnded)
        {
            _inWord = true;
            _word.Append(text);
        }
    }

    /// <summary>All words; null if a quote is not closed.</summary>
    public List<string>? End()
    {
        EndWord();
        return _quote == '\0' ? _words : null;
    }

    private void EndWord()
    {
        if (_inWord)
        {
            _words.Add(_word.ToString());
            _word.Clear();
            _inWord = false;
        }
    }
}
