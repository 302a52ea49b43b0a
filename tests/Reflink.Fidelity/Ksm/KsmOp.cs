using System.Globalization;
using System.Text;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// A step of a script. Whatever the state, each is possible (what it names may not be there, which is an error that both sides must
/// report), so any part of a script is a script.
/// </summary>
/// <param name="Verb">What is done.</param>
/// <param name="Process">The number of the process that does it, from 1; 0 if none does.</param>
/// <param name="Page">The first page, from 0.</param>
/// <param name="Count">How many pages.</param>
/// <param name="Value">A content's number, a tunable's value, a child's number.</param>
public readonly record struct KsmOp(KsmVerb Verb, int Process = 0, int Page = 0, int Count = 0, long Value = 0)
{
    private static readonly KsmVerb[] s_valued =
        [KsmVerb.Fork, KsmVerb.Write, KsmVerb.MergeAny, KsmVerb.Run, KsmVerb.SmartScan, KsmVerb.UseZeroPages, KsmVerb.MaxPageSharing, KsmVerb.PagesToScan, KsmVerb.PruneMillisecs];

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static KsmOp Parse(string text)
    {
        var op = default(KsmOp);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Enum.TryParse<KsmVerb>(word, out var verb) && !char.IsAsciiDigit(word[0]))
            {
                op = op with { Verb = verb };
            }
            else if (word[0] == 'p')
            {
                op = op with { Process = Number(word[1..]) };
            }
            else if (word.Split('+') is [var page, var count])
            {
                op = op with { Page = Number(page), Count = Number(count) };
            }
            else
            {
                op = op with { Value = long.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture) };
            }
        }

        return op;
    }

    /// <summary>As in <c>p1 Write 4+3 2</c>: three pages from page 4 get content 2.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Process > 0 ? $"p{Process} " : "").Append(Verb);
        text.Append(Count > 0 ? $" {Page}+{Count}" : "");
        return text.Append(Array.IndexOf(s_valued, Verb) >= 0 ? $" {Value}" : "").ToString();
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
