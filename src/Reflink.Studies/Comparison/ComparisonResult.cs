using System.Text.Json.Serialization;

namespace Reflink.Studies.Comparison;

/// <summary>What a comparison found, mechanism by mechanism.</summary>
/// <param name="Binary">What was patched.</param>
/// <param name="Sites">How many places in it.</param>
/// <param name="PatchedPages">On how many pages of text.</param>
/// <param name="Processes">In how many processes.</param>
/// <param name="Users">Of how many users.</param>
/// <param name="Mechanisms">What each mechanism cost.</param>
public sealed record ComparisonResult(
    BinaryFacts Binary, int Sites, long PatchedPages, int Processes, int Users, IReadOnlyList<MechanismFigures> Mechanisms)
{
    /// <summary>Bytes that processes loaded and that were found equal to a flat copy, with ample memory.</summary>
    [JsonIgnore]
    public long ComparedBytes { get; init; }

    /// <summary>The same with a quarter of the memory.</summary>
    [JsonIgnore]
    public long ComparedBytesWhenTight { get; init; }
}
