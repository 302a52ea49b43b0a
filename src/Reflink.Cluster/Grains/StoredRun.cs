using System.Security.Cryptography;

namespace Reflink.Cluster.Grains;

/// <summary>A result on its way to storage, and in it.</summary>
/// <param name="Run">The number of the run in the plan.</param>
/// <param name="Text">The line of JSON; empty where it lies in a file.</param>
/// <param name="HasFailed">Whether the run failed.</param>
/// <param name="Began">When the run began, by its worker's clock.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="File">The name of the file, which is the hash of the line; null where the line is here.</param>
[GenerateSerializer, Immutable, Alias("reflink.run")]
internal sealed record StoredRun(
    [property: Id(0)] int Run, [property: Id(1)] byte[] Text, [property: Id(2)] bool HasFailed, [property: Id(3)] DateTimeOffset Began, [property: Id(4)] long Milliseconds,
    [property: Id(5)] string? File = null)
{
    /// <summary>What two results of a run are compared by.</summary>
    public byte[] Hash() => File is null ? SHA256.HashData(Text) : Convert.FromHexString(File);
}
