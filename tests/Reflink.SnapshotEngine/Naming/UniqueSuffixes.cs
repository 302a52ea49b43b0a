using System.Runtime.InteropServices;
using System.Text;

namespace Reflink.SnapshotEngine.Naming;

/// <summary>What tells apart snapshots that differ by where they are taken: a fixed order, each behind a dot.</summary>
internal sealed class UniqueSuffixes
{
    public UniqueSuffixes(NameChoices choices, TestSite site)
    {
        var both = new StringBuilder();
        Add(both, choices.PerConfiguration, site.Configuration);
        Add(both, choices.PerArchitecture, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        Add(both, choices.PerOs, Os());
        Received = Verified = both.ToString();

        var version = $".DotNet{Environment.Version.Major}_{Environment.Version.Minor}";
        Verified += choices.PerRuntimeVersion ? version : choices.PerRuntime ? ".DotNet" : "";

        // Runs for several frameworks may go side by side and must not overwrite each other's received files.
        Received += site.MultiTargets ? version : "";
    }

    public string Received { get; }

    public string Verified { get; }

    private static void Add(StringBuilder to, bool wanted, string? value)
    {
        if (wanted)
        {
            to.Append('.').Append(value);
        }
    }

    private static string Os() =>
        OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "OSX"
            : throw new NotSupportedException("UniqueForOSPlatform knows Linux, Windows and OSX.");
}
