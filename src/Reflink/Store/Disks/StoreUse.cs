
namespace Reflink;

/// <summary>What becomes of the folder of a store on files.</summary>
public enum StoreUse
{
    /// <summary>Scratch space: what is in it when it is opened, and when the store is disposed of, is deleted.</summary>
    Scratch,

    /// <summary>It keeps what was synced, over the end of the process and any crash; an empty folder becomes a new store.</summary>
    Durable,

    /// <summary>The store that is there is read and never written; others may read it at the same time.</summary>
    ReadOnly,
}
