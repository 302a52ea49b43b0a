namespace Reflink.Units;

/// <summary>What a block's number says about its storage.</summary>
public enum BlockKind
{
    /// <summary>Block 0: zeroes, owned by all, never counted, evicted or written.</summary>
    Zero,

    /// <summary>A block of a volume: written back to the page store, journalled, counted by statfs.</summary>
    Stored,

    /// <summary>A private or anonymous page of the machine: costs swap only when it leaves memory.</summary>
    Anonymous,

    /// <summary>A block without storage whose bytes are a recipe: never written, its frame is dropped and made again.</summary>
    Derived,
}
