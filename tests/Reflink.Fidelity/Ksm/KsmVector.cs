namespace Reflink.Fidelity.Ksm;

/// <summary>A small script of which is known what the kernel does, from <c>vectors.txt</c>.</summary>
public sealed class KsmVector
{
    private readonly List<string> _lines = [];

    private KsmVector(string name) => Name = name;

    /// <summary>What it shows.</summary>
    public string Name { get; }

    /// <summary>
    /// All of them. A line that begins with # opens one; one with ? says what must be seen now (names and values; what is not named may be
    /// anything); one with a number and x is a step so many times; any other is a step.
    /// </summary>
    public static IReadOnlyList<KsmVector> All()
    {
        using var text = new StreamReader(typeof(KsmVector).Assembly.GetManifestResourceStream("vectors.txt")!);
        var vectors = new List<KsmVector>();
        while (text.ReadLine() is { } line)
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                vectors.Add(new(line[2..]));
            }
            else if (line != "")
            {
                vectors[^1]._lines.Add(line);
            }
        }

        return vectors;
    }

    /// <summary>Plays it; returns what is otherwise than it should be.</summary>
    public IEnumerable<string> Check(IKsmSystem system)
    {
        using var states = KsmScript.Play(_lines.Where(l => l[0] != '?').SelectMany(Steps), system).GetEnumerator();
        foreach (var (at, line) in _lines.Index())
        {
            for (var steps = line[0] == '?' ? 0 : Steps(line).Count(); steps > 0; steps--)
            {
                _ = states.MoveNext();
            }

            foreach (var difference in line[0] == '?' ? Differences(states.Current, line[2..].Split(' ')) : [])
            {
                yield return $"line {at + 1}, {difference}\n{states.Current}";
            }
        }
    }

    private static IEnumerable<KsmOp> Steps(string line) => line.Split(" x ") is [var count, var step]
        ? Enumerable.Repeat(KsmOp.Parse(step), int.Parse(count))
        : [KsmOp.Parse(line)];

    private static IEnumerable<string> Differences(string state, string[] expected)
    {
        var ofProcess = expected.Length % 2 == 1;
        var seen = Seen(state, expected[0]);
        foreach (var pair in expected.Skip(ofProcess ? 1 : 0).Chunk(2))
        {
            var value = seen.GetValueOrDefault(pair[0], "0");
            if (value != pair[1])
            {
                yield return $"{pair[0]} is {value}, not {pair[1]}";
            }
        }
    }

    private static Dictionary<string, string> Seen(string state, string who)
    {
        var lines = state.Split('\n');
        var line = lines.FirstOrDefault(l => l.StartsWith(who + " ", StringComparison.Ordinal), lines[0]);
        var words = line.Split(' ');
        if (line == lines[0])
        {
            return words[1..].Chunk(2).Append(["error", words[0]]).ToDictionary(c => c[0], c => c[1]);
        }

        return words[1..^3].Chunk(2).Append(["frames", words[^3]]).Append(["changed", words[^1]]).ToDictionary(c => c[0], c => c[1]);
    }
}
