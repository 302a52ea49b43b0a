namespace Reflink.Cli.Tests.Installing;

/// <summary>Tests that run the SDK, which takes all cores: one at a time, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstallationCollection : ICollectionFixture<PackageFeed>
{
    public const string Name = "installation";
}
