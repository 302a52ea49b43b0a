namespace Reflink.Cli.Tests.Installing;

/// <summary>A folder of packages, made from what these tests were built with, and a configuration that knows no other source but what was restored already.</summary>
public sealed class PackageFeed : IDisposable
{
    private readonly ScratchFolder _folder = new("feed");

    public PackageFeed()
    {
        var packed = Sdk.Run(Sdk.Repository, null, "pack", "-c", Sdk.Configuration, "--no-build", "-o", Folder);
        Assert.True(packed.Code == 0, packed.Output + packed.Error);
        File.WriteAllText(Configuration, $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="restored" value="{Sdk.RestoredPackages}" />
                <add key="feed" value="{Folder}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>Where the packages lie.</summary>
    public string Folder => _folder.Of("feed");

    /// <summary>A NuGet.config that reaches them without a network.</summary>
    public string Configuration => _folder.Of("NuGet.config");

    /// <summary>Where restoring from here puts packages: in the usual folder they would stay, with the version that the next build has, too.</summary>
    public string Restored => _folder.Of("restored");

    /// <summary>The version of all of them.</summary>
    public string Version => Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder, "Reflink.Cli.*.nupkg").Single())["Reflink.Cli.".Length..];

    public void Dispose() => _folder.Dispose();
}
