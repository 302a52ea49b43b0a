namespace Reflink.Fidelity.Ksm;

/// <summary>What /proc shows of one process.</summary>
public sealed record KsmProcessState
{
    /// <summary>The frame of a page that maps none, or one that is not anonymous (a file's, or shared, or the zero page where nothing was ever written).</summary>
    public const ulong NoFrame = 0;

    /// <summary>The frame that stands for the zero page in place of a page that a scan found to be empty.</summary>
    public const ulong ZeroFrame = ulong.MaxValue;

    /// <summary>The process' number in the script.</summary>
    public required int Number { get; init; }

    /// <summary>ksm_rmap_items of ksm_stat.</summary>
    public required long Items { get; init; }

    /// <summary>ksm_zero_pages of ksm_stat.</summary>
    public required long ZeroPages { get; init; }

    /// <summary>ksm_merging_pages of ksm_stat.</summary>
    public required long Merging { get; init; }

    /// <summary>ksm_process_profit of ksm_stat, bytes.</summary>
    public required long Profit { get; init; }

    /// <summary>ksm_merge_any of ksm_stat.</summary>
    public required bool MergeAny { get; init; }

    /// <summary>ksm_mergeable of ksm_stat.</summary>
    public required bool Mergeable { get; init; }

    /// <summary>Page by page a number that equal frames share, <see cref="NoFrame"/> or <see cref="ZeroFrame"/>.</summary>
    public required IReadOnlyList<ulong> Frames { get; init; }

    /// <summary>Page by page the first word, where there is a frame.</summary>
    public required IReadOnlyList<ulong> Words { get; init; }
}
