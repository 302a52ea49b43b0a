namespace Reflink.Benchmarks.Derived;

/// <summary>
/// Every variant is an overlay of its own, in which opening the base for writing copies it up: the kernel reads and writes all of it, or
/// clones it where the filesystem can. Mounts lie below the filesystem of the folder and are detached with it.
/// </summary>
internal sealed class OverlayVariants : HostVariants
{
    private readonly string _on;

    /// <summary>Writes the base, and mounts an overlay to see whether that can be done.</summary>
    /// <param name="folder">Where all layers go.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="on">What the folder is on, for the note.</param>
    /// <exception cref="IOException">The folder cannot be written to, or overlayfs not mounted.</exception>
    public OverlayVariants(string folder, VariantBytes bytes, string on)
        : base(Path.Combine(folder, "lower"), bytes)
    {
        _on = on;
        Mount("probe");
        Remove("probe");
    }

    /// <inheritdoc/>
    public override string Name => "overlayfs on " + _on;

    /// <inheritdoc/>
    public override string Note => "mount, open (copies up), pwrite";

    /// <inheritdoc/>
    public override void Make(string name, int number)
    {
        Mount(name);
        using var file = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.ReadWrite);
        Change(file, number);
    }

    /// <inheritdoc/>
    public override void Remove(string name)
    {
        Native.Check(Native.Unmount(Layer(name, "merged"), 0) == 0, "umount of an overlay");
        Directory.Delete(Home(name), recursive: true);
    }

    /// <inheritdoc/>
    public override string PathOf(string name) => Layer(name, "merged", "base");

    private string Home(string name) => Path.Combine(Path.GetDirectoryName(Folder)!, name);

    private string Layer(string name, params ReadOnlySpan<string> parts) => Path.Combine([Home(name), .. parts]);

    private void Mount(string name)
    {
        foreach (var layer in (string[])["upper", "work", "merged"])
        {
            Directory.CreateDirectory(Layer(name, layer));
        }

        Native.Check(
            Native.Mount("overlay", Layer(name, "merged"), "overlay", 0, $"lowerdir={Folder},upperdir={Layer(name, "upper")},workdir={Layer(name, "work")}") == 0,
            "mount of an overlay");
    }
}
