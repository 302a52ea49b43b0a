namespace Reflink.Fidelity.Crash;

/// <summary>What becomes, in a crash, of what was done since the last flush.</summary>
internal enum Fate
{
    /// <summary>None of it is there.</summary>
    Lost,

    /// <summary>All of it is there.</summary>
    Whole,

    /// <summary>Every write is torn.</summary>
    Torn,

    /// <summary>All is there, but the last write is torn.</summary>
    LastTorn,

    /// <summary>Of each, something else: lost, whole or torn.</summary>
    Any,
}
