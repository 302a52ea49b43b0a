namespace Reflink.Cli.Completing;

/// <summary>Completion for fish, which shows what each word does.</summary>
internal static class FishScript
{
    public static string Of(IReadOnlyList<CompletionPlace> places) => $$"""
        # Completion of reflink for fish, made by 'reflink completions fish'.
        function __reflink_at
          set -l place ''
          for word in (commandline -opc)[2..-1]
            switch "$place $word"
              case {{string.Join(' ', places.Skip(1).Select(p => Quoted(p.Path)))}}
                set place "$place $word"
            end
          end
          test "$place" = "$argv[1]"
        end
        {{string.Join('\n', places.SelectMany(Lines))}}

        """;

    private static IEnumerable<string> Lines(CompletionPlace place)
    {
        var values = place.Values.ToDictionary(v => v.Option, v => v.Values);
        foreach (var word in place.Words)
        {
            var what = !word.Text.StartsWith("--", StringComparison.Ordinal) ? $"-a {Quoted(word.Text)}"
                : $"-l {word.Text[2..]}{(!values.TryGetValue(word.Text, out var known) ? "" : known.Count == 0 ? " -r" : $" -x -a {Quoted(string.Join(' ', known))}")}";
            yield return $"complete -c reflink -n {Quoted($"__reflink_at {Quoted(place.Path)}")} {what}{(word.Does.Length == 0 ? "" : $" -d {Quoted(word.Does)}")}";
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
