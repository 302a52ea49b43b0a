namespace Reflink.Studies.Merging;

/// <summary>A whole number that a study can be run with.</summary>
/// <param name="Name">The name, without dashes.</param>
/// <param name="Usual">What it is if nobody says.</param>
/// <param name="Least">The least that makes sense.</param>
/// <param name="Most">The most.</param>
/// <param name="Does">What it means.</param>
public sealed record StudyOption(string Name, long Usual, long Least, long Most, string Does)
{
    internal static StudyOption Seed { get; } = new("seed", 1, 0, long.MaxValue, "What the random bytes are drawn with");
}
