using System.Collections.Concurrent;
using System.Text;
using VerifyXunit;

namespace Reflink.SnapshotEngine;

/// <summary>The state behind the static settings. An object of its own, so that the engine's tests can have many.</summary>
internal sealed class GlobalSettings
{
    private readonly ConcurrentDictionary<string, bool> _used = new(StringComparer.Ordinal);
    private volatile bool _running;

    public Encoding Encoding { get; set; } = TextRules.Utf8(bom: true);

    public AutoAccept? Auto { get; set; }

    public bool UniquePrefix { get; set; } = true;

    public bool ScrubsProject { get; set; } = true;

    public bool ScrubsSolution { get; set; } = true;

    public bool ScrubsHome { get; set; } = true;

    public DerivePathInfo? Derive { get; set; }

    public void Change(Action<GlobalSettings> change, string api)
    {
        if (_running)
        {
            throw new InvalidOperationException(
                $"'{api}' must be called before the first Verify runs. Call it from a [ModuleInitializer].");
        }

        change(this);
    }

    /// <summary>From now on nothing may change: tests that ran earlier would have seen other settings.</summary>
    public void Freeze()
    {
        if (ScrubsSolution && !ScrubsProject)
        {
            throw new NotSupportedException(
                "DontScrubProjectDirectory alone leaves the project's folder to the solution's scrubber, in another way than with Verify: call DontScrubSolutionDirectory, too.");
        }

        _running = true;
    }

    /// <summary>Two verifications of one name would overwrite each other's files.</summary>
    public void Claim(string prefix)
    {
        if (!_used.TryAdd(prefix, true))
        {
            throw PrefixUsed(prefix);
        }
    }

    // Verify throws a bare Exception here, and tests must see the same type under both engines.
#pragma warning disable CA2201
    private static Exception PrefixUsed(string prefix) => new(
        $"""
         The prefix has already been used: {prefix}. This is mostly caused one of the following:

          * Two tests whose directory, type name and method name come out the same
          * A theory whose rows are not told apart by UseParameters or UseTextForParameters
          * Several calls of Verify in one test: name the later ones with UseMethodName

         If one snapshot is meant to serve all of them, call DisableRequireUniquePrefix.
         """);
#pragma warning restore CA2201
}
