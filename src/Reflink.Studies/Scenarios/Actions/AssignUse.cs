namespace Reflink.Studies.Scenarios.Actions;

/// <summary>What a value that got a name is for.</summary>
internal enum AssignUse
{
    /// <summary>For formulas that follow.</summary>
    Let,

    /// <summary>For them, and for the results.</summary>
    Record,
}
