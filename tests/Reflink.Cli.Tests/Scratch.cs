namespace Reflink.Cli.Tests;

/// <summary>A directory for one test.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly ScratchFolder _folder = new("cli");

    public string Path(string name) => _folder.Of(name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    public IReadOnlyList<string> Names => [.. new DirectoryInfo(_folder.Path).EnumerateFiles().Select(f => f.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();
}
