namespace Reflink.Fidelity.Filesystems;

/// <summary>A filesystem that is called by path: the model's volume, or one of the running kernel.</summary>
public interface IPathDriver : IDisposable
{
    /// <summary>Makes a call. Returns the name of the error, or what was found: a path without links, or the target of a link.</summary>
    string Do(in PathCall call);

    /// <summary>Every name with what it leads to and how many links that has, in ordinal order.</summary>
    string List();

    /// <summary>Makes the filesystem hold <see cref="PathCall.Tree"/> and nothing else.</summary>
    void Reset();
}
