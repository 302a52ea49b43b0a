using System.Runtime.CompilerServices;
using System.Text;
using Reflink.SnapshotEngine;

namespace VerifyTests;

/// <summary>Settings of the whole test assembly; to be made in a module initializer, before anything is verified.</summary>
public static class VerifierSettings
{
    internal static GlobalSettings Global { get; } = new();

    public static void UseUtf8NoBom() => Change(g => g.Encoding = TextRules.Utf8(bom: false));

    public static void UseEncoding(Encoding encoding) => Change(g => g.Encoding = encoding);

    public static void AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        Change(g => g.Auto = new AutoAccept(includeBuildServer, throwException));

    public static void DisableRequireUniquePrefix() => Change(g => g.UniquePrefix = false);

    public static void DontScrubProjectDirectory() => Change(g => g.ScrubsProject = false);

    public static void DontScrubSolutionDirectory() => Change(g => g.ScrubsSolution = false);

    public static void DontScrubUserProfile() => Change(g => g.ScrubsHome = false);

    private static void Change(Action<GlobalSettings> change, [CallerMemberName] string api = "") => Global.Change(change, api);
}
