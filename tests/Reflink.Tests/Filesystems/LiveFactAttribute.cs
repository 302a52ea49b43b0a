using Reflink.Fidelity.Filesystems;

namespace Reflink.Tests.Filesystems;

/// <summary>A fact that needs a live filesystem of its own, and is skipped where this process may not make one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveFactAttribute : FactAttribute
{
    public LiveFactAttribute(string type)
    {
        using var image = type == "xfs" ? LoopImage.TryXfs(out var why) : LoopImage.TryBtrfs(out why);
        Skip = image is null ? why : null;
    }
}
