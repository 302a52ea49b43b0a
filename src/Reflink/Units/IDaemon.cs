namespace Reflink.Units;

/// <summary>Work that goes on beside what is called for: the machine's clock runs it while time passes.</summary>
internal interface IDaemon
{
    /// <summary>When it wants to be run next, in nanoseconds of the machine's clock; null if it has nothing to do.</summary>
    long? NextWake { get; }

    /// <summary>Does the next part of the work.</summary>
    void Wake();
}
