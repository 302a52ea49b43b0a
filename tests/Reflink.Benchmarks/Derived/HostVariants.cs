using Microsoft.Win32.SafeHandles;

namespace Reflink.Benchmarks.Derived;

/// <summary>Variants that are files of the host in a folder, with the base beside them.</summary>
internal abstract class HostVariants : IVariants
{
    /// <summary>Writes the base.</summary>
    /// <param name="folder">Where the files go; made if it is not there.</param>
    /// <param name="bytes">The file.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    protected HostVariants(string folder, VariantBytes bytes)
    {
        (Folder, Bytes) = (folder, bytes);
        Directory.CreateDirectory(folder);
        using var file = File.OpenHandle(Base, FileMode.CreateNew, FileAccess.ReadWrite);
        for (var at = 0; at < VariantBytes.Size; at += VariantBytes.Chunk)
        {
            RandomAccess.Write(file, bytes.Base.Slice(at, VariantBytes.Chunk), at);
        }

        RandomAccess.FlushToDisk(file);
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Note { get; }

    /// <summary>Where the files are.</summary>
    public string Folder { get; }

    /// <summary>The base's path.</summary>
    protected string Base => Path.Combine(Folder, "base");

    /// <summary>The file.</summary>
    protected VariantBytes Bytes { get; }

    /// <inheritdoc/>
    public abstract void Make(string name, int number);

    /// <inheritdoc/>
    public virtual void Remove(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public IVariantFile Open(string name) => new Opened(File.OpenHandle(PathOf(name)));

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        // The files go away with the filesystem that they are in.
    }

    /// <summary>Where a variant is.</summary>
    public virtual string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Makes the changes of a variant to a file that is the base so far.</summary>
    protected void Change(SafeFileHandle file, int number)
    {
        foreach (var (offset, value) in Bytes.Changes(number))
        {
            RandomAccess.Write(file, [value], offset);
        }
    }

    private sealed class Opened(SafeFileHandle file) : IVariantFile
    {
        public int Read(long offset, Span<byte> into) => RandomAccess.Read(file, into, offset);

        public void Dispose() => file.Dispose();
    }
}
