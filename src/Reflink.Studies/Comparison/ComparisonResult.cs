using System.Globalization;
using System.Text.Json.Serialization;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>What a comparison found, mechanism by mechanism.</summary>
/// <param name="Binary">What was patched.</param>
/// <param name="Sites">How many places in it were chosen from.</param>
/// <param name="PatchedPages">On how many pages of text.</param>
/// <param name="Processes">In how many processes.</param>
/// <param name="Users">Of how many users.</param>
/// <param name="Choice">Which of the sites each process has.</param>
/// <param name="Counts">What patching them makes, counted without any machine.</param>
/// <param name="Mechanisms">What each mechanism cost.</param>
/// <param name="Refused">The mechanisms that cannot do it.</param>
public sealed record ComparisonResult(
    BinaryFacts Binary, int Sites, long PatchedPages, int Processes, int Users, ChoiceFacts Choice, PatchCounts Counts,
    IReadOnlyList<MechanismFigures> Mechanisms, IReadOnlyList<RefusedMechanism> Refused)
{
    /// <summary>Bytes that processes loaded and that were found equal to a flat copy, with ample memory.</summary>
    [JsonIgnore]
    public long ComparedBytes { get; init; }

    /// <summary>The same with a quarter of the memory.</summary>
    [JsonIgnore]
    public long ComparedBytesWhenTight { get; init; }

    /// <summary>Checks that every mechanism made as many patched frames as was counted without a machine.</summary>
    /// <exception cref="ReflinkException">EIO: one did not; all are named.</exception>
    public void RequireAgreement()
    {
        var wrong = Mechanisms.Where(m => m.PatchedFrames != m.ExpectedFrames).Select(m => string.Create(
            CultureInfo.InvariantCulture, $"{m.Name} has {m.PatchedFrames:n0} patched frames where {m.ExpectedFrames:n0} follow from the sites")).ToList();
        if (wrong.Count > 0)
        {
            throw new ReflinkException(Errno.EIO, $"{string.Join(", ", wrong)}; this is a bug, please report it");
        }
    }
}
