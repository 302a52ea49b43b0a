namespace Reflink.Tests.Exercising;

/// <summary>A way in which equal pages became one; the exerciser counts how often it took each.</summary>
internal enum MergeForm
{
    Passed, Batched, Asked, Lazily, Joined, PartitionPassed, Inherited, Zeroed, Fresh, Faked, Swapped,
}
