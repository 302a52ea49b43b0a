using System.Runtime.CompilerServices;
using Reflink.Studies.Experiments;

namespace Reflink.Studies.Programs;

/// <summary>A step in one line, with values in it: <c>$"create {name} 64K"</c>. A value stays one word, whatever blanks and quotes it has.</summary>
[InterpolatedStringHandler]
public readonly ref struct StepLine
{
    private readonly StepWords _words;

    /// <summary>An empty line, as the compiler begins it.</summary>
    /// <param name="literalLength">How many characters are written.</param>
    /// <param name="formattedCount">How many values stand between them.</param>
    public StepLine(int literalLength, int formattedCount)
    {
        _ = literalLength + formattedCount;
        _words = new StepWords();
    }

    /// <summary>A line without values.</summary>
    public static implicit operator StepLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var step = new StepLine(line.Length, 0);
        step.AppendLiteral(line);
        return step;
    }

    /// <summary>Adds what is written.</summary>
    public void AppendLiteral(string value) => _words.Add(value);

    /// <summary>Adds a value.</summary>
    public void AppendFormatted(Value value) => _words.AddWhole(value.ToString());

    /// <summary>The words; null if a quote is not closed.</summary>
    internal IReadOnlyList<string>? Words() => _words.End();
}
