using System.ComponentModel;
using System.Diagnostics;

namespace Reflink.Cli.Tests;

/// <summary>The update of a real program from Debian's pool, as a description of the new file by the old one.</summary>
public sealed class RealUpdateTests : IDisposable
{
    private const string Package = "python3.11-minimal";
    private const string Program = "usr/bin/python3.11";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public void An_update_of_a_program_is_a_description_of_half_its_size()
    {
        var versions = Do("apt-cache", "madison", Package).Split('\n').Select(l => l.Split('|')).Where(l => l.Length > 2).Select(l => l[1].Trim()).Distinct().ToArray();
        Skip.If(versions.Length < 2, $"apt knows {versions.Length} version of {Package} here");
        var (@new, old) = (Unpacked(versions[0]), Unpacked(versions[1]));
        var changes = _scratch.Path("changes");

        Cli.Run("derive", "diff", old, @new, "--expect", "root", "--format", "binary", "--output", changes).Succeeded();
        Cli.Run("derive", "apply", changes, old, "--output", _scratch.Path("made")).Succeeded();

        Assert.Equal(File.ReadAllBytes(@new), File.ReadAllBytes(_scratch.Path("made")));
        Assert.InRange(new FileInfo(changes).Length, 1, new FileInfo(@new).Length / 2);
    }

    private string Unpacked(string version)
    {
        var folder = Directory.CreateDirectory(_scratch.Path($"of {version}")).FullName;
        Do("apt-get", "-q", "download", $"{Package}={version}");
        var file = Directory.GetFiles(Path.GetDirectoryName(folder)!, $"{Package}_{version.Replace(":", "%3a", StringComparison.Ordinal)}*.deb").SingleOrDefault();
        Skip.If(file is null, $"apt-get gives no {Package} {version} here");
        Do("dpkg-deb", "-x", file, folder);
        return Path.Combine(folder, Program);
    }

    private string Do(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(_scratch.Path("x")) })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Skip.If(process.ExitCode != 0, $"{program} failed: {errors.Result.Split('\n')[0]}");
            return output;
        }
        catch (Win32Exception)
        {
            throw new SkipException($"{program} cannot be run here");
        }
    }
}
