using Reflink.Vm;

namespace Reflink.Studies.Comparison;

/// <summary>A process that maps the text, to be patched with its profile.</summary>
public sealed class PatchedProcess
{
    internal PatchedProcess(Process process, PatchProfile profile, Volume volume, string path)
    {
        (Process, Profile) = (process, profile);
        Texts = [.. profile.Texts.Select(text => new TextMapping(process, text, volume, path))];
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>What it is patched with.</summary>
    public PatchProfile Profile { get; }

    /// <summary>Its mappings of the text, one for each executable segment.</summary>
    public IReadOnlyList<TextMapping> Texts { get; }

    /// <summary>Those that have something to patch.</summary>
    public IEnumerable<TextMapping> PatchedTexts => Texts.Where(t => t.Text.Changes.Count > 0);

    /// <summary>All of its text, which patching changes.</summary>
    public IReadOnlyList<Region> TextRegions => [.. Texts.Select(t => new Region(Process, t.Address, Bench.FilePath, t.Text))];
}
