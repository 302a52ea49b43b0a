using Reflink.Fidelity.Filesystems;

namespace Reflink.Tests.Filesystems;

/// <summary>Every call that takes a path, on every kind of path, beside live XFS.</summary>
public sealed class LivePathTests
{
    [LiveFact("xfs")]
    public void Every_call_on_every_path_answers_as_XFS_does()
    {
        using var image = LoopImage.TryXfs(out var why);
        Assert.True(image is not null, why);
        using var model = new ModelPaths();
        using var live = new LivePaths(image.Path);
        var differences = PathCall.Differences(PathCall.All(), model, live).Take(30).ToArray();
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }
}
