namespace Reflink.Cluster.Storage;

/// <summary>Where large results lie, so that no grain has to carry them: all silos of a cluster reach the same.</summary>
internal interface IResultStore
{
    /// <summary>Keeps a result, and answers with its name. The same bytes have the same name and are kept once.</summary>
    /// <exception cref="IOException">It cannot be kept, such as on a full disk.</exception>
    Task<string> Put(byte[] text);

    /// <summary>Reads a result.</summary>
    /// <exception cref="IOException">It is not there, or it is damaged.</exception>
    Task<byte[]> Get(string name);
}
