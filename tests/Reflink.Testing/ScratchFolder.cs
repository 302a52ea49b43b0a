namespace Reflink.Testing;

/// <summary>
/// A folder in the temporary directory that is deleted with all that is in it. Its name holds the number of this process, so that a
/// later run can delete what an interrupted one left behind.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    static ScratchFolder() => Leftovers.Delete();

    /// <param name="purpose">One lowercase word, for people who look into the temporary directory.</param>
    public ScratchFolder(string purpose = "test") =>
        Path = Directory.CreateTempSubdirectory($"{Leftovers.Prefix}{purpose}-{Environment.ProcessId}-").FullName;

    public string Path { get; }

    /// <summary>The path of a file in it.</summary>
    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
