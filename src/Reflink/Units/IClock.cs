namespace Reflink.Units;

/// <summary>The machine's simulated clock, to be read only: nothing in the library looks at a wall clock.</summary>
public interface IClock
{
    /// <summary>Simulated nanoseconds since 1970, by the machine's own reckoning: unless somebody says otherwise, that is when it was switched on.</summary>
    long Now { get; }
}
