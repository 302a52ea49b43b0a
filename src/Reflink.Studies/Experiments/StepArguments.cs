using Reflink.Units;

namespace Reflink.Studies.Experiments;

/// <summary>The words behind a step's name, already found to be what the step takes.</summary>
internal sealed class StepArguments(IReadOnlyList<string> words)
{
    /// <summary>A word as it was typed.</summary>
    public string this[int i] => words[i];

    /// <summary>The path in the volume of a file that is named: all files lie in the root.</summary>
    public string Path(int i) => $"/{words[i]}";

    public long Number(int i) => ByteSize.TryParse(words[i], out var number) ? number : throw new InvariantException($"'{words[i]}' was not checked");

    /// <summary>Whether a word that may be left out was written.</summary>
    public bool Has(int i) => i < words.Count;

    /// <summary>A number that may be left out.</summary>
    public long Number(int i, long usual) => i < words.Count ? Number(i) : usual;

    /// <summary>An offset and a length from there on, or everything if both were left out.</summary>
    public (long Offset, long Length) Range(int i, long all) => i < words.Count ? (Number(i), Number(i + 1)) : (0, all);
}
