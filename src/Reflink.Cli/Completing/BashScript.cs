namespace Reflink.Cli.Completing;

/// <summary>Completion for bash. Where no word fits, bash completes names of files, as ever.</summary>
internal static class BashScript
{
    public static string Of(IReadOnlyList<CompletionPlace> places) => $$"""
        # Completion of reflink for bash, made by 'reflink completions bash'.
        _reflink() {
          local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} place= words= head= i
          for ((i = 1; i < COMP_CWORD; i++)); do
            case "$place ${COMP_WORDS[i]}" in
              {{string.Join('|', places.Skip(1).Select(p => $"'{p.Path}'"))}}) place="$place ${COMP_WORDS[i]}" ;;
            esac
          done
          case "$place" in
        {{Lines(places.Select(p => (p.Path, p.Words.Select(w => w.Text))))}}
          esac
          case "$place $before" in
        {{Lines(places.SelectMany(p => p.Values.Select(v => ($"{p.Path} {v.Option}", v.Values.AsEnumerable()))))}}
          esac
          case "$word" in
            *,*) head=${word%,*}, word=${word##*,} ;;
          esac
          COMPREPLY=($(compgen -P "$head" -W "$words" -- "$word"))
        }
        complete -o default -F _reflink reflink

        """;

    private static string Lines(IEnumerable<(string Place, IEnumerable<string> Words)> cases) =>
        string.Join('\n', cases.Select(c => $"    '{c.Place}') words='{string.Join(' ', c.Words)}' ;;"));
}
