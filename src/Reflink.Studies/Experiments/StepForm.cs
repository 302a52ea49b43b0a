namespace Reflink.Studies.Experiments;

/// <summary>What one kind of step looks like and does.</summary>
/// <param name="Usage">Its name, and the words that follow in capitals; those in brackets come all or not at all.</param>
/// <param name="Does">What it does, for a reader.</param>
/// <param name="Act">Does it, and returns what there is to say of it.</param>
internal sealed record StepForm(string Usage, string Does, Func<ExperimentBench, StepArguments, string?> Act)
{
    /// <summary>The largest file of a volume, in bytes; larger numbers mean nothing, and sums of smaller ones are numbers.</summary>
    private const long Largest = 1L << 58;

    private readonly string[] _words = Usage.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split(' ');
    private readonly int _required = Usage.Split(" [")[0].Split(' ').Length;

    /// <summary>What of the world outside a step needs, by the number of the word that names it: says what is missing; null if nothing is.</summary>
    public Func<int, string, string?>? Missing { get; init; }

    public string Name => _words[0];

    /// <summary>What its words are called where they are given by name: in small letters; of two of the same name the second with the one before it, such as <c>other-offset</c>.</summary>
    public IReadOnlyList<string> Keys => [.. _words.Skip(1).Select((word, i) => (_words.Take(i + 1).Contains(word) ? $"{_words[i]}-{word}" : word).ToLowerInvariant())];

    /// <summary>How many of them must be given.</summary>
    public int Required => _required - 1;

    /// <summary>What is wrong with a step's words, and what would be right; null if nothing is.</summary>
    public string? Problem(IReadOnlyList<string> words)
    {
        if (words.Count != _required && words.Count != _words.Length)
        {
            return $"has {words.Count - 1} word{(words.Count == 2 ? "" : "s")} behind its name; write it '{Usage}'";
        }

        return Enumerable.Range(1, words.Count - 1).Select(i => Problem(_words[i], words[i])).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What is wrong with the word of that number behind the name; null if nothing is.</summary>
    public string? Problem(int number, string word) => Problem(_words[number + 1], word);

    private string? Problem(string what, string word) => what switch
    {
        "OFFSET" or "LENGTH" or "SIZE" or "SEED" or "COUNT" or "FIRST" or "NUMBER" or "GROUP" or "ADDRESS" => ByteSize.TryParse(word, out var number) && number <= Largest ? null
            : $"has '{word}' for {what}, which takes {(what is "SEED" or "COUNT" or "FIRST" or "NUMBER" or "GROUP" ? "a whole number" : ByteSize.Takes)} up to {Largest}; write it '{Usage}'",
        "NAME" or "NEW" or "OTHER" => word.Length > 0 && !word.Contains('/', StringComparison.Ordinal) ? null
            : $"has '{word}' for {what}; files of the volume are named by one word without '/'",
        _ => word.Length > 0 ? null : $"has nothing for {what}; write it '{Usage}'",
    };
}
