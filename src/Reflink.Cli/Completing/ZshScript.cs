namespace Reflink.Cli.Completing;

/// <summary>Completion for zsh, which shows what each word does.</summary>
internal static class ZshScript
{
    public static string Of(IReadOnlyList<CompletionPlace> places) => $$"""
        #compdef reflink
        # Completion of reflink for zsh, made by 'reflink completions zsh'.
        _reflink() {
          local place= i
          local -a known
          for ((i = 2; i < CURRENT; i++)); do
            case "$place $words[i]" in
              ({{string.Join('|', places.Skip(1).Select(p => Quoted(p.Path)))}}) place="$place $words[i]" ;;
            esac
          done
          case "$place $words[CURRENT-1]" in
        {{string.Join('\n', places.SelectMany(p => p.Values.Select(v => $"    ({Quoted($"{p.Path} {v.Option}")}) {Value(v.Values)}; return ;;")))}}
          esac
          case "$place" in
        {{string.Join('\n', places.Select(p => $"    ({Quoted(p.Path)}) known=({string.Join(' ', p.Words.Select(w => Quoted(Described(w))))}) ;;"))}}
          esac
          _describe reflink known || _files
        }
        if [ "$funcstack[1]" = _reflink ]; then _reflink "$@"; else compdef _reflink reflink; fi

        """;

    private static string Value(IReadOnlyList<string> values) => values.Count == 0 ? "_files" : $"_values -s , value {string.Join(' ', values.Select(Quoted))}";

    private static string Described(CompletionWord word) => word.Does.Length == 0 ? word.Text : $"{word.Text}:{word.Does}";

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
