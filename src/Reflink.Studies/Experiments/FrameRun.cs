using System.Text.Json.Serialization;

namespace Reflink.Studies.Experiments;

/// <summary>Neighbouring frames, upwards or downwards, that hold neighbouring blocks for neighbouring pages of the same owners.</summary>
/// <param name="First">The first frame.</param>
/// <param name="Last">The last frame; frames that were freed together are often given out downwards.</param>
/// <param name="Block">The first block, as snapshots print it.</param>
/// <param name="IsDirty">Whether their bytes are nowhere else.</param>
/// <param name="Mappers">How many page-table entries lead to each.</param>
/// <param name="Owners">The pages that each serves.</param>
public sealed record FrameRun(int First, int Last, string Block, bool IsDirty, int Mappers, IReadOnlyList<FrameOwner> Owners)
{
    /// <summary>What the frames hold.</summary>
    [JsonIgnore]
    public FrameKind Kind { get; init; }

    /// <summary>How many frames.</summary>
    public int Count => Math.Abs(Last - First) + 1;
}
