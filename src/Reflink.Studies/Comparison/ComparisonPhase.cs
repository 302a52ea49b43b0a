namespace Reflink.Studies.Comparison;

/// <summary>What happens to the processes of a comparison, in this order; after all but the last they load all of their text.</summary>
public enum ComparisonPhase
{
    /// <summary>The text is mapped.</summary>
    Mapped,

    /// <summary>Patches are applied.</summary>
    Patched,

    /// <summary>Patches are taken out.</summary>
    Reverted,

    /// <summary>The processes exit.</summary>
    Exited,
}
