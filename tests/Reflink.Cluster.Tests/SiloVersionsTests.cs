using Reflink.Cluster.Joining;
using Reflink.Units;

namespace Reflink.Cluster.Tests;

public sealed class SiloVersionsTests
{
    [Fact]
    public void Silos_of_the_same_version_join_each_other() => SiloVersions.Require("a-1@1.0.0+abc", ["b-2@1.0.0+abc", "c-3@1.0.0+abc"]);

    [Fact]
    public void A_silo_of_another_version_is_refused_with_both()
    {
        var refusal = Assert.Throws<ReflinkException>(() => SiloVersions.Require("a-1@1.0.0+abc", ["b-2@1.0.0+abc", "c-3@0.9.0"]));

        Assert.Equal(Errno.ESTALE, refusal.Error);
        Assert.StartsWith("silo c-3@0.9.0 of the cluster runs reflink 0.9.0 and this one is 1.0.0+abc; ", refusal.Reason, StringComparison.Ordinal);
    }
}
