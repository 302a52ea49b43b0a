namespace Reflink;

/// <summary>What a machine does when memory is needed and nothing can be reclaimed.</summary>
public enum OutOfMemory
{
    /// <summary>The call that needs memory fails with ENOMEM.</summary>
    Refuse,

    /// <summary>The process that holds the most memory is ended, as Linux's OOM killer does, and the call goes on.</summary>
    Kill,
}
