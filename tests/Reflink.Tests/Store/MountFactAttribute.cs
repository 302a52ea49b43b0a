
namespace Reflink.Tests.Store;

/// <summary>A fact that needs a filesystem of its own, and is skipped where this process may not mount one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        using var mount = TinyMount.TryMake("size=64k");
        Skip = mount is null ? "needs root, to mount a tmpfs" : null;
    }
}
