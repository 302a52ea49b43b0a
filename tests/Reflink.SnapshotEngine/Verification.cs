using System.Text;
using Reflink.SnapshotEngine.Naming;
using VerifyTests;

namespace Reflink.SnapshotEngine;

/// <summary>One run: name, scrub, compare, and leave the files as a failure or a pass should leave them.</summary>
internal sealed class Verification(GlobalSettings global, VerifySettings settings, TestSite site)
{
    private readonly AutoAccept? _auto = Choose(settings.Auto, global.Auto);

    public VerifyResult Run(string text, string extension)
    {
        global.Freeze();
        var name = SnapshotName.Of(site, settings.Names, global);
        if (global.UniquePrefix && settings.UniquePrefix)
        {
            global.Claim(Path.Combine(name.Directory, name.Received));
        }

        Directory.CreateDirectory(name.Directory);
        Delete(Files(name.Directory, name.Received, "received"));
        var outcome = Compare(name, Scrub(text), extension);
        Settle(name, outcome);
        return new(outcome.File);
    }

    private static AutoAccept? Choose(AutoAccept? own, AutoAccept? global) => own is not null && global is not null && own != global
        ? throw new NotSupportedException("AutoVerify throws in one place and not in the other, which Verify settles in its own way: say the same in both.")
        : own ?? global;

    private string Scrub(string text)
    {
        var scrubbed = settings.Scrubs ? PathScrubber.For(site, global).Scrub(text) : text;
        return TextRules.Newlines(scrubbed);
    }

    private Outcome Compare(SnapshotName name, string received, string extension)
    {
        var file = name.Pair(extension);
        var stale = Files(name.Directory, name.Verified, "verified")
            .Where(f => !string.Equals(f, file.VerifiedPath, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return new(file, received, ReadVerified(file.VerifiedPath), [.. stale]);
    }

    private string? ReadVerified(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            return null;
        }

        // An empty file is what an interrupted write or a diff tool leaves; it verifies nothing.
        if (info.Length == 0)
        {
            info.Delete();
            return null;
        }

        try
        {
            return TextRules.Newlines(File.ReadAllText(path, global.Encoding));
        }
        catch (DecoderFallbackException e)
        {
            throw new NotSupportedException($"'{path}' has bytes that are no text in {global.Encoding.WebName}: write it anew.", e);
        }
    }

    private void Settle(SnapshotName name, Outcome outcome)
    {
        if (outcome.Passed)
        {
            return;
        }

        if (!outcome.Equal)
        {
            File.WriteAllText(outcome.File.ReceivedPath, outcome.Received, global.Encoding);
        }

        if (_auto is not null)
        {
            Accept(outcome);
        }

        if (_auto is null or { Throws: true })
        {
            throw new VerifyException(FailureMessage.Build(name.Directory, outcome));
        }
    }

    private static void Accept(Outcome outcome)
    {
        Delete(outcome.Stale);
        if (!outcome.Equal)
        {
            File.Move(outcome.File.ReceivedPath, outcome.File.VerifiedPath, overwrite: true);
        }
    }

    // A prefix is followed by ".received." or by "#": anything else is another test whose name begins alike.
    private static List<string> Files(string directory, string prefix, string role) =>
    [
        .. Directory.EnumerateFiles(directory).Where(f => Path.GetFileName(f) is var file &&
            (file.StartsWith($"{prefix}.{role}.", StringComparison.Ordinal) ||
             (file.StartsWith($"{prefix}#", StringComparison.Ordinal) && file.Contains($".{role}.", StringComparison.Ordinal)))),
    ];

    private static void Delete(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            File.Delete(file);
        }
    }
}
