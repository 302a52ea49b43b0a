namespace Reflink.Measuring;

/// <summary>Which way a claim's limit bounds.</summary>
public enum ClaimBound
{
    /// <summary>From above.</summary>
    Most,

    /// <summary>From below.</summary>
    Least,

    /// <summary>Both ways: nothing else will do.</summary>
    Exactly,
}
