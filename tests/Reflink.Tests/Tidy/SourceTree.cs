namespace Reflink.Tests.Tidy;

/// <summary>The tree as it lies on the disk, without what the build makes.</summary>
public sealed class SourceTree(string root)
{
    private readonly string _root = root;

    /// <summary>The tree that these tests were built from.</summary>
    public SourceTree()
        : this(FindRoot())
    {
    }

    public IReadOnlyList<SourceFile> Sources => [.. Files("src", "*.cs"), .. Files("tests", "*.cs")];

    public IReadOnlyList<SourceFile> Projects =>
    [
        .. Files("src", "*.csproj"), .. Files("tests", "*.csproj"),
        .. Directory.GetFiles(_root, "Directory.*").Order(StringComparer.Ordinal).Select(Load),
    ];

    public IEnumerable<(string Stratum, SourceFile? Readme)> Readmes =>
        from stratum in Sources.Select(s => s.Stratum).OfType<string>().Distinct()
        let path = Path.Combine(_root, "src", "Reflink", stratum, "README.md")
        select (stratum, File.Exists(path) ? Load(path) : null);

    /// <summary>The README at the top.</summary>
    public SourceFile Readme => Load(Path.Combine(_root, "README.md"));

    /// <summary>The tour of the library.</summary>
    public SourceFile Tour => Load(Path.Combine(_root, "src", "Reflink", "README.md"));

    private IEnumerable<SourceFile> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(_root, folder), pattern, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(Load).Where(f => !f.Folders.Any(name => name is "obj" or "bin"));

    private SourceFile Load(string path) => new(Path.GetRelativePath(_root, path).Replace('\\', '/'), File.ReadAllText(path));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Reflink.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Reflink.sln is not above " + AppContext.BaseDirectory);
    }
}
