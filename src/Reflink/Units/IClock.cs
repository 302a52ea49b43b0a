namespace Reflink.Units;

/// <summary>The machine's simulated clock, to be read only: nothing in the library looks at a wall clock.</summary>
public interface IClock
{
    /// <summary>Simulated nanoseconds since the machine started.</summary>
    long Now { get; }
}
