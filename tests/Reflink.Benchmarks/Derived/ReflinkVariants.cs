namespace Reflink.Benchmarks.Derived;

/// <summary>Every variant is a clone of the kernel's, and then changed.</summary>
internal sealed class ReflinkVariants(string folder, VariantBytes bytes) : HostVariants(folder, bytes)
{
    /// <inheritdoc/>
    public override string Name => "XFS reflink";

    /// <inheritdoc/>
    public override string Note => "FICLONE, pwrite; XFS on a loop device";

    /// <inheritdoc/>
    public override void Make(string name, int number)
    {
        using var source = File.OpenHandle(Base);
        using var target = File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.ReadWrite);
        Native.Clone(source, target);
        Change(target, number);
    }
}
