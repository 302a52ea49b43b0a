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
        var state = "";
        foreach (var (at, line) in _lines.Index())
        {
            if (line[0] == '?')
            {
                var seen = Seen(state, line.Split(' ')[1]);
                foreach (var pair in line.Split(' ').SkipWhile(w => w == "?" || w[0] == 'p' && char.IsAsciiDigit(w[1])).Chunk(2))
                {
                    var value = seen.GetValueOrDefault(pair[0], "0");
                    if (value != pair[1])
                    {
                        yield return $"line {at + 1}, {pair[0]} is {value}, not {pair[1]}\n{state}";
                    }
                }

                continue;
            }

            var (times, step) = line.Split(" x ") is [var count, var repeated] ? (int.Parse(count), repeated) : (1, line);
            for (; times > 0; times--)
            {
                state = system.Observe(system.Apply(KsmOp.Parse(step))).ToString();
            }
        }
    }

    private static Dictionary<string, string> Seen(string state, string who)
    {
        var lines = state.Split('\n');
        var line = lines.FirstOrDefault(l => l.StartsWith(who + " ", StringComparison.Ordinal), lines[0]);
        var words = line.Split(' ');
        var seen = words[1..].Chunk(2).Where(c => c.Length == 2).ToDictionary(c => c[0], c => c[1]);
        seen["error"] = words[0];
        seen["frames"] = line == lines[0] ? "" : words[^2];
        return seen;
    }
}
