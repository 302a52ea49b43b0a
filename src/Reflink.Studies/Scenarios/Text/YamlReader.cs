using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>
/// Reads YAML into pieces that know their places. Aliases are refused, since parameters say the same more plainly and cannot grow
/// without limit; so is nesting that no scenario needs.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>How deep lists and maps may lie in each other.</summary>
    public const int MostDepth = 32;

    private readonly ScenarioProblems _problems;
    private readonly IParser _parser;

    private YamlReader(string text, ScenarioProblems problems) => (_problems, _parser) = (problems, new Parser(new Scanner(new StringReader(text), skipComments: true)));

    /// <summary>The only document of a text; null if it is none, which is then among the problems.</summary>
    public static YamlPiece? Read(string text, ScenarioProblems problems)
    {
        var reader = new YamlReader(text, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            problems.Add((int)Math.Max(1, e.Start.Line), (int)Math.Max(1, e.Start.Column), $"this is no YAML: {Plain(e.Message)}; {Remedy(text, e.Start.Line)}");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // YamlDotNet's scanner ends so on some texts that are no YAML; behind what it read last.
            var last = reader._parser.Current?.End ?? Mark.Empty;
            problems.Add((int)Math.Max(1, last.Line), (int)Math.Max(1, last.Column), "this is no YAML from here on; look for quotes, brackets and indentation that do not match");
            return null;
        }
    }

    private YamlPiece? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var piece = ReadPiece(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _))
        {
            var next = _parser.Current!.Start;
            _problems.Add((int)next.Line, (int)next.Column, "a second document begins here; a file holds one study");
        }

        return piece;
    }

    private YamlPiece ReadPiece(int depth)
    {
        var start = _parser.Current!.Start;
        var (line, column) = ((int)start.Line, (int)start.Column);
        if (depth > MostDepth)
        {
            throw new YamlException(start, start, $"lists and maps lie more than {MostDepth} deep in each other");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar(scalar.Value, line, column);
        }

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlPiece>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadPiece(depth + 1));
            }

            return new YamlList(items, line, column);
        }

        return _parser.TryConsume<MappingStart>(out _)
            ? new YamlMap(ReadEntries(depth), line, column)
            : throw new YamlException(start, start, "aliases (*name) are not taken here; use a parameter, written ${name}");
    }

    private List<(YamlScalar, YamlPiece)> ReadEntries(int depth)
    {
        var (entries, seen) = (new List<(YamlScalar, YamlPiece)>(), new HashSet<string>(StringComparer.Ordinal));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadPiece(depth + 1);
            var value = ReadPiece(depth + 1);
            if (key is not YamlScalar name)
            {
                _problems.Add(key, "a key is a word, not a list or a map");
            }
            else if (!seen.Add(name.Text))
            {
                _problems.Add(name, $"'{name.Text}' is here for the second time; give it once");
            }
            else
            {
                entries.Add((name, value));
            }
        }

        return entries;
    }

    // The mistake that everybody makes once.
    private static string Remedy(string text, long line) => text.Split('\n').ElementAtOrDefault((int)line - 1)?.Contains("${", StringComparison.Ordinal) == true
        ? "within [ ] and { } put texts with ${...} into quotes" : "compare 'reflink study show lsfmm', which is a study";

    // YamlDotNet's sentences, without the place, which is said anyway.
    private static string Plain(string message) => message.Trim().TrimEnd('.').ReplaceLineEndings(" ") is { Length: > 0 } text ? char.ToLowerInvariant(text[0]) + text[1..] : "it cannot be read";
}
