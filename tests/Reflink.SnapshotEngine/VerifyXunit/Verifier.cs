using System.Runtime.CompilerServices;
using Reflink.SnapshotEngine;
using Reflink.SnapshotEngine.Naming;
using Reflink.SnapshotEngine.Objects;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Compares what a test saw with the file that says what it should see.</summary>
public static class Verifier
{
    // Every overload takes settings before the source file: otherwise Verify("x", "md") would name a source file.
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(() => TextRules.Plain(target), "txt", settings, sourceFile);

    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(() => TextRules.Plain(target, extension), TextRules.Extension(extension), settings, sourceFile);

    public static SettingsTask Verify<T>(T target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(() => ObjectText.Render(target), "txt", settings, sourceFile);

    public static void DerivePathInfo(DerivePathInfo derivePathInfo) =>
        VerifierSettings.Global.Change(g => g.Derive = derivePathInfo, nameof(DerivePathInfo));

    public static void UseProjectRelativeDirectory(string directory) =>
        DerivePathInfo(RelativeDirectory.ToProject(directory));

    public static void UseSourceFileRelativeDirectory(string directory) =>
        DerivePathInfo(RelativeDirectory.ToSourceFile(directory));

    private static SettingsTask Start(Func<string> text, string extension, VerifySettings? settings, string sourceFile) =>
        new(settings, s => Run(text, extension, s, sourceFile));

    private static async Task<VerifyResult> Run(Func<string> text, string extension, VerifySettings settings, string sourceFile)
    {
        // A failure belongs into the task, as with Verify, not into the call that made the task.
        await Task.CompletedTask.ConfigureAwait(false);
        var site = new TestSite(UseVerifyAttribute.Test, sourceFile);
        return new Verification(VerifierSettings.Global, settings, site).Run(text(), extension);
    }
}
