using System.Text;
using Reflink.Units;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// What is compared: the kernel's counters since the script began, its processes', and which pages share a frame. Two states are equal
/// iff their texts are.
/// </summary>
public sealed record KsmState
{
    /// <summary>Pages that a process of a script may map.</summary>
    public const int Pages = 16;

    /// <summary>The counters by name, in this order.</summary>
    public static readonly string[] Names =
    [
        "pages_shared", "pages_sharing", "pages_unshared", "pages_volatile", "pages_scanned", "pages_skipped", "full_scans",
        "stable_node_chains", "stable_node_dups", "ksm_zero_pages", "general_profit", "cow_ksm",
    ];

    /// <summary>Why the last step failed; null if it did not.</summary>
    public required Errno? Error { get; init; }

    /// <summary>The counters, in the order of <see cref="Names"/>.</summary>
    public required IReadOnlyList<long> Counters { get; init; }

    /// <summary>The processes that live, by number.</summary>
    public required IReadOnlyList<KsmProcessState> Processes { get; init; }

    /// <inheritdoc cref="Tell"/>
    public override string ToString() => Tell(null);

    /// <summary>
    /// The counters that are not 0, then a line a process with its own, its frames ('.' none, 'z' the zero page, '-' a frame of its own,
    /// equal letters one frame), its contents' digits, and '*' where the frame is another than in an earlier state.
    /// </summary>
    public string Tell(KsmState? earlier)
    {
        var text = new StringBuilder();
        text.Append(Error is { } error ? error.ToString() : "ok");
        for (var i = 0; i < Names.Length; i++)
        {
            Add(text, Names[i], Counters[i]);
        }

        var letters = Letters();
        foreach (var process in Processes)
        {
            text.Append($"\np{process.Number}");
            Add(text, "items", process.Items);
            Add(text, "zero", process.ZeroPages);
            Add(text, "merging", process.Merging);
            Add(text, "profit", process.Profit);
            Add(text, "merge_any", process.MergeAny ? 1 : 0);
            Add(text, "mergeable", process.Mergeable ? 1 : 0);
            text.Append(' ').AppendJoin("", process.Frames.Select(f => letters[f]));
            text.Append(' ').AppendJoin("", process.Frames.Zip(process.Words, (f, w) => f == KsmProcessState.NoFrame ? '.' : KsmContents.Digit(w)));
            var before = earlier?.Processes.FirstOrDefault(p => p.Number == process.Number)?.Frames ?? process.Frames;
            text.Append(' ').AppendJoin("", process.Frames.Zip(before, (f, b) => f == b || f == KsmProcessState.NoFrame || b == KsmProcessState.NoFrame ? '.' : '*'));
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, long value) => text.Append(value == 0 ? "" : $" {name} {value}");

    private Dictionary<ulong, char> Letters()
    {
        var letters = new Dictionary<ulong, char> { [KsmProcessState.NoFrame] = '.', [KsmProcessState.ZeroFrame] = 'z' };
        var next = 'A';
        foreach (var frame in Processes.SelectMany(p => p.Frames).GroupBy(f => f).Where(g => !letters.ContainsKey(g.Key)).ToList())
        {
            letters[frame.Key] = frame.Count() > 1 ? next++ : '-';
        }

        return letters;
    }
}
