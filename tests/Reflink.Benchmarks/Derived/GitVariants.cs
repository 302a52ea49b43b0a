namespace Reflink.Benchmarks.Derived;

/// <summary>Variants are deltas in a pack of git's, and are unpacked to files.</summary>
internal sealed class GitVariants : HostVariants
{
    private readonly Dictionary<int, string> _objects = [];

    /// <summary>Makes a repository with the variants and the base, and packs it.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="numbers">The variants.</param>
    /// <exception cref="IOException">Git is not there, or does not pack every variant as a delta.</exception>
    public GitVariants(string folder, VariantBytes bytes, IReadOnlyList<int> numbers)
        : base(folder, bytes)
    {
        Git("init", "-q");
        // Git keeps the newest version whole and the others as deltas, so the base comes last.
        foreach (var number in numbers)
        {
            File.Copy(Base, PathOf("file"), overwrite: true);
            using (var file = File.OpenHandle(PathOf("file"), FileMode.Open, FileAccess.ReadWrite))
            {
                Change(file, number);
            }

            _objects[number] = Commit();
        }

        File.Copy(Base, PathOf("file"), overwrite: true);
        Commit();
        Git("repack", "-adfq", "--window=1");
        var packed = Git("verify-pack", "-v", ".git/objects/pack/*.idx").Split('\n');
        foreach (var name in _objects.Values.Where(name => !packed.Any(l => l.StartsWith(name, StringComparison.Ordinal) && l.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 7)))
        {
            throw new IOException($"git did not pack {name} as a delta");
        }
    }

    /// <inheritdoc/>
    public override string Name => "git";

    /// <inheritdoc/>
    public override string Note => "cat-file of a delta in a pack, to a file";

    /// <summary>Bytes of the pack.</summary>
    public long PackBytes => new DirectoryInfo(Path.Combine(Folder, ".git", "objects", "pack")).EnumerateFiles("*.pack").Sum(f => f.Length);

    /// <inheritdoc/>
    public override void Make(string name, int number) => Git("cat-file", "blob", _objects[number], ">", name);

    private string Commit()
    {
        Git("add", "file");
        Git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "version");
        return Git("rev-parse", "HEAD:file").Trim();
    }

    // Through a shell, for its redirection; no argument holds a space.
    private string Git(params string[] arguments) => Tool.Run(
        "sh", "-c", $"cd '{Folder}' && exec git -c gc.auto=0 -c core.looseCompression=0 -c commit.gpgSign=false {string.Join(' ', arguments)}");
}
