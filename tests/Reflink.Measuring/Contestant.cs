namespace Reflink.Measuring;

/// <summary>One who takes part: ours or a peer, in one discipline.</summary>
/// <param name="Discipline">What is done; contestants of one discipline are compared with each other.</param>
/// <param name="Name">Who does it.</param>
/// <param name="Run">Does it once a round, with the watch running while it counts.</param>
public sealed record Contestant(string Discipline, string Name, Action<Lap> Run)
{
    /// <summary>The name of the contestant that the others of its discipline are compared with.</summary>
    public const string Ours = "ours";

    /// <summary>Rounds run before those that count, so that code is compiled and caches are warm.</summary>
    public int WarmUps { get; init; } = 3;

    /// <summary>Why it cannot run; null when it can.</summary>
    public string? Skipped { get; init; }

    /// <summary>A figure, in nanoseconds, that it is compared with instead of ours.</summary>
    public double? Model { get; init; }

    /// <summary>What a reader should know of this row, such as where <see cref="Model"/> comes from.</summary>
    public string Note { get; init; } = "";

    /// <summary>A row for a peer that cannot run here.</summary>
    public static Contestant Absent(string discipline, string name, string why) => new(discipline, name, _ => { }) { Skipped = why };
}
