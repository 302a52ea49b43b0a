using System.Text;

namespace Reflink.Tests.Tidy;

/// <summary>Blanks comments and literals out of C#, so that what is left is code; lines stay where they are.</summary>
public sealed class CodeText
{
    private readonly string _text;
    private readonly StringBuilder _code = new();
    private int _at;

    private CodeText(string text) => _text = text;

    public static string Strip(string text)
    {
        var code = new CodeText(text);
        code.Run(inHole: false);
        return code._code.ToString();
    }

    private void Run(bool inHole)
    {
        for (var depth = 0; _at < _text.Length;)
        {
            depth += Now == '{' ? 1 : Now == '}' ? -1 : 0;
            if (inHole && depth < 0)
            {
                return;
            }

            if (Is("//"))
            {
                SkipTo("\n", past: 0);
            }
            else if (Is("/*"))
            {
                SkipTo("*/", past: 2);
            }
            else if (Now == '\'')
            {
                Quoted('\'', verbatim: false, holes: false);
            }
            else if (!Literal())
            {
                _code.Append(_text[_at++]);
            }
        }
    }

    private char Now => _at < _text.Length ? _text[_at] : '\0';

    private bool Is(string token) => string.CompareOrdinal(_text, _at, token, 0, token.Length) == 0;

    /// <summary>A string in any of its forms: prefixes of $ and @, then one quote, or three and more.</summary>
    private bool Literal()
    {
        var quote = _at;
        while (quote < _text.Length && _text[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote == _text.Length || _text[quote] != '"')
        {
            return false;
        }

        var prefix = _text[_at..quote];
        _at = quote;
        var quotes = _text.AsSpan(quote).IndexOfAnyExcept('"') is var run && run < 0 ? _text.Length - quote : run;
        if (quotes >= 3)
        {
            _at += quotes;
            SkipTo(new string('"', quotes), past: quotes);
        }
        else
        {
            Quoted('"', prefix.Contains('@', StringComparison.Ordinal), prefix.Contains('$', StringComparison.Ordinal));
        }

        return true;
    }

    private void Quoted(char quote, bool verbatim, bool holes)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (!verbatim && Now == '\\')
            {
                _at++;
            }
            else if (holes && Now == '{' && !Is("{{"))
            {
                // What stands in a hole is code again, and may hold strings of its own.
                _at++;
                Run(inHole: true);
            }
            else if (verbatim && Now == quote && _at + 1 < _text.Length && _text[_at + 1] == quote)
            {
                _at++;
            }
            else if (Now == quote)
            {
                _at++;
                return;
            }
            else
            {
                Skip();
            }

            _at += holes && Is("{{") ? 1 : 0;
        }
    }

    private void SkipTo(string token, int past)
    {
        while (_at < _text.Length && !Is(token))
        {
            Skip();
            _at++;
        }

        _at += past;
    }

    private void Skip()
    {
        if (Now == '\n')
        {
            _code.Append('\n');
        }
    }
}
