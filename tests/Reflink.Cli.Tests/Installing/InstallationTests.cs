using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Reflink.Cli.Tests.Installing;

/// <summary>The command and the library in a user's hands: installed, published, and used from a folder of packages.</summary>
[Collection(InstallationCollection.Name)]
public sealed partial class InstallationTests(PackageFeed feed) : IDisposable
{
    private readonly ScratchFolder _scratch = new("install");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_tool_is_installed_from_a_folder_and_runs()
    {
        Succeed(Sdk.Run(
            _scratch.Path, feed.Restored, "tool", "install", "--add-source", feed.Folder, "--configfile", feed.Configuration, "--tool-path", _scratch.Of("tools"), "Reflink.Cli"));
        var reflink = _scratch.Of("tools/reflink");

        Assert.StartsWith(feed.Version, Sdk.Start(reflink, "--version").Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("sharing saves 8 KiB", Sdk.Start(reflink, "cache", "create a 8K", "clone a b", "read a", "read b").Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("libcoreclr.so, build-id", Sdk.Start(reflink, "compare", "--processes", "2", "--users", "1", "--mechanisms", "text-poke", "--wide").Succeeded().Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_published_command_is_one_file_that_holds_its_runtime()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the published file is tried on Linux");
        var system = $"linux-{RuntimeInformation.OSArchitecture}".ToLowerInvariant();
        var published = Sdk.Run(
            Sdk.Repository, null, "publish", "-c", "Release", "-r", system, "--self-contained", "-p:PublishSingleFile=true", "-p:RunAnalyzers=false",
            "--artifacts-path", _scratch.Of("artifacts"), "-o", _scratch.Of("out"), "src/Reflink.Cli");
        Skip.If(published.Code != 0 && Unreachable().IsMatch(published.Output), $"the package of the runtime for {system} cannot be restored here");
        Succeed(published);
        var reflink = _scratch.Of("out/reflink");

        Assert.Equal([reflink], Directory.GetFileSystemEntries(_scratch.Of("out")));
        Assert.StartsWith(feed.Version, Sdk.Start(reflink, "--version").Succeeded().Output, StringComparison.Ordinal);
        var compared = Sdk.Start(reflink, "compare", "--processes", "2", "--users", "1", "--mechanisms", "text-poke", "--wide").Succeeded().Output;
        Assert.StartsWith($"{reflink}, build-id", compared, StringComparison.Ordinal);
        Assert.Contains("\ntext-poke ", compared, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reflink", "lib/net10.0/Reflink.xml")]
    [InlineData("Reflink.Elf", "lib/net10.0/Reflink.Elf.xml")]
    [InlineData("Reflink.Studies", "lib/net10.0/Reflink.Studies.xml")]
    [InlineData("Reflink.IO.Abstractions", "lib/net10.0/Reflink.IO.Abstractions.xml")]
    [InlineData("Reflink.Cli", "tools/net10.0/any/DotnetToolSettings.xml")]
    [InlineData("Reflink.Cli", "man/man1/reflink-volume-put.1")]
    public void A_package_says_what_it_is(string id, string holds)
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Folder, $"{id}.{feed.Version}.nupkg"));
        using var text = package.GetEntry($"{id}.nuspec")!.Open();
        var facts = XDocument.Load(text).Root!.Elements().Single().Elements().ToDictionary(e => e.Name.LocalName, e => e.Value);

        Assert.Equal((id, feed.Version, "MIT", "README.md"), (facts["id"], facts["version"], facts["license"], facts["readme"]));
        Assert.True(facts["description"].Length > 20 && facts["description"] != "Package Description", facts["description"]);
        Assert.Contains("copy-on-write", facts["tags"], StringComparison.Ordinal);
        Assert.All(["README.md", holds], file => Assert.NotNull(package.GetEntry(file)));
        using var symbols = ZipFile.OpenRead(Path.Combine(feed.Folder, $"{id}.{feed.Version}.snupkg"));
        Assert.Contains(symbols.Entries, entry => entry.Name == $"{id}.pdb");
    }

    [Fact]
    public void Nothing_but_the_command_and_its_libraries_is_packed() => Assert.Equal(
        ["Reflink", "Reflink.Cli", "Reflink.Elf", "Reflink.IO.Abstractions", "Reflink.Snapshots", "Reflink.Studies"],
        Directory.GetFiles(feed.Folder, "*.nupkg").Select(f => Path.GetFileName(f)[..^$".{feed.Version}.nupkg".Length]).Order(StringComparer.Ordinal));

    [Fact]
    public void A_program_elsewhere_uses_the_library_from_its_package()
    {
        File.Copy(feed.Configuration, _scratch.Of("NuGet.config"));
        File.WriteAllText(_scratch.Of("experiment.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Reflink.Studies" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """);

        // The asynchronous Select is .NET's own: no package that the library needs may bring a second one.
        File.WriteAllText(_scratch.Of("Program.cs"), """
            using System.Diagnostics;
            using Reflink;

            using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
            using var lib = machine.Volume.Create("/lib");
            lib.Write(0, new byte[4 * Page.Size]);
            machine.Volume.Clone("/lib", "/copy");
            Console.Error.WriteLine(Process.GetCurrentProcess().Id);
            await foreach (var line in new[] { machine.Snapshot().ToString() }.ToAsyncEnumerable().Select(text => text))
            {
                Console.Write(line);
            }
            """);
        var run = Sdk.Run(_scratch.Path, feed.Restored, "run");

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains("[0,4)  s1-s4        2  copies on write", run.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("NU1101|NU1102|NU1301")]
    private static partial Regex Unreachable();

    private static void Succeed(CliResult result) => Assert.True(result.Code == 0, result.Output + result.Error);
}
