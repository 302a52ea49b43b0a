using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Reflink.Cli.Tests;

/// <summary>What shells complete, tried in bash itself; zsh and fish read their scripts where they are installed.</summary>
public sealed partial class CompletionTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("co", "compare completions")]
    [InlineData("volume fs", "fsck")]
    [InlineData("volume cp --re", "--reflink")]
    [InlineData("compare --proc", "--processes")]
    [InlineData("compare --sites ", "functions patchable sdt xray")]
    [InlineData("compare --processes 5 --mechanisms text", "text-poke text-poke-inode-cache")]
    [InlineData("compare --mechanisms private,upr", "private,uprobes")]
    [InlineData("compare --binary ", "")]
    [InlineData("ksm run vm", "vm-fleet")]
    [InlineData("ksm run vm-fleet --g", "--guests")]
    [InlineData("completions ", "bash fish zsh --help")]
    public void Bash_completes(string typed, string words) => Assert.Equal(words, Complete(typed));

    [Fact]
    public void Every_command_and_option_that_help_names_is_completed()
    {
        foreach (var command in (string[])["", "compare", "sites", "patch make", "cache", "ksm explain", "replay", "record", "volume put", "derive diff"])
        {
            var help = Cli.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Succeeded().Output;
            var named = Named().Matches(help.Split("Examples:")[0].Split("\nOptions:\n")[^1]).Select(m => m.Groups["word"].Value).Where(w => w.StartsWith("--", StringComparison.Ordinal) || command.Length == 0);
            Assert.Superset(named.ToHashSet(), Complete(command + " ").Split(' ').ToHashSet());
        }
    }

    [SkippableTheory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public void Another_shell_reads_its_script(string shell, string check)
    {
        var script = _scratch.Write(shell, Cli.Run("completions", shell).Succeeded().Output);
        Skip.IfNot(IsInstalled(shell), $"{shell} is not installed");
        using var running = new RunningCli(new ProcessStartInfo(shell, [check, script]));
        running.Finish().Succeeded();
    }

    [SkippableFact]
    public void Fish_completes_and_tells_what_a_word_does()
    {
        Skip.IfNot(IsInstalled("fish"), "fish is not installed");
        var script = _scratch.Write("reflink.fish", Cli.Run("completions", "fish").Succeeded().Output);
        using var running = new RunningCli(new ProcessStartInfo("fish", ["--no-config", "-c", "source $argv[1]; complete -C 'reflink volume fs'", script]));
        Assert.StartsWith("fsck\tChecks the volume", running.Finish().Succeeded().Output, StringComparison.Ordinal);
    }

    private static bool IsInstalled(string shell) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));

    // What bash would offer behind this line, without the completion of file names, which is bash's own.
    private string Complete(string typed)
    {
        var script = _scratch.Write("reflink.bash", Cli.Run("completions", "bash").Succeeded().Output);
        var words = $"reflink {typed.TrimStart()}".Split(' ');
        string[] arguments = ["--norc", "-c", """source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reflink; printf '%s' "${COMPREPLY[*]}" """, "bash", script, .. words];
        using var running = new RunningCli(new ProcessStartInfo("bash", arguments));
        return running.Finish().Succeeded().Output;
    }

    [GeneratedRegex(@"^  (?:-\S+, )*(?<word>(?:--)?[a-z][a-z-]*)\b", RegexOptions.Multiline)]
    private static partial Regex Named();
}
