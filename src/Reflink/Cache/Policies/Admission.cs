namespace Reflink.Cache.Policies;

/// <summary>What a policy knew of a page that came into memory.</summary>
public enum Admission
{
    /// <summary>Nothing: it never was there, or the policy has forgotten it, or keeps no memory of pages that left.</summary>
    New,

    /// <summary>It left, and its ghost (Linux: its shadow entry) is still there; it begins as a new one all the same.</summary>
    Refault,

    /// <summary>It left so short a time ago that it begins among the pages that are worth keeping.</summary>
    Activated,
}
