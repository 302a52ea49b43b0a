namespace Reflink.Vm;

/// <summary>The set of pages within which the equal pages of a mapping may be merged. fork copies the reference, exec drops it.</summary>
internal interface IMergeScope;
