using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>
/// The types that people start from: they lie in their stratum's folder and in the namespace Reflink, so that <c>using Reflink;</c> is
/// enough for a first program. Code of the library sees them without a using, so the rules about imports look for their names.
/// </summary>
public static partial class FrontTypes
{
    /// <summary>The namespace that they are in.</summary>
    public const string Namespace = "Reflink";

    /// <summary>Each type, and the folder below src/Reflink that it lies in.</summary>
    private static readonly Dictionary<string, string> s_folders = new(StringComparer.Ordinal)
    {
        ["Advice"] = "Vm",
        ["CacheKeying"] = "Cache",
        ["ChangeDescription"] = "Descriptions",
        ["DirtyLimits"] = "Cache",
        ["DeviceModel"] = "Store.Devices",
        ["Fsck"] = "Machines",
        ["HostFiles"] = "Files",
        ["HostTrees"] = "Files",
        ["IReplacementPolicy"] = "Cache.Policies",
        ["Machine"] = "Machines",
        ["MachineOptions"] = "Machines",
        ["OpenFile"] = "Files",
        ["OpenFlags"] = "Files",
        ["OutOfMemory"] = "Vm",
        ["Page"] = "Units",
        ["PatchRefusedException"] = "Patching.Sets",
        ["PatchSet"] = "Patching.Sets",
        ["PatchSetBuilder"] = "Patching.Sets",
        ["Protection"] = "Vm",
        ["ReferenceTracking"] = "Units",
        ["ReflinkException"] = "Units",
        ["ReplacementPolicies"] = "Cache.Simulation",
        ["SharingDomain"] = "Patching.Levels",
        ["Snapshot"] = "Machines",
        ["StoreOptions"] = "Store",
        ["StoreUse"] = "Store.Disks",
        ["Volume"] = "Files",
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => s_folders.Keys;

    /// <summary>Whether a file declares one of them, or a part of one.</summary>
    public static bool Declares(SourceFile file) =>
        file.Project == "Reflink" && s_folders.TryGetValue(file.Name, out var folder) && string.Join('.', file.Folders.Skip(2)) == folder;

    /// <summary>Where a file names them: the line, and the folder of src/Reflink, written as a namespace, in which the type lies.</summary>
    public static IEnumerable<(int Line, string Folder)> NamedIn(SourceFile file) =>
        from found in file.Find(Word())
        let type = found.Match.Groups["type"].Value
        where s_folders.ContainsKey(type)
        select (found.Line, s_folders[type]);

    // Members have some of these names, too, so the name must stand where a type does: before the name of something, in brackets, or made anew.
    [GeneratedRegex(@"(?<![\w.])(?<type>[A-Z]\w+)(?=(?:\[\])?\??\s+(?!is\b|or\b|and\b|as\b|in\b|when\b|with\b|switch\b)[A-Za-z_@])|(?<=[<(,]\s*)(?<type>[A-Z]\w+)(?=\??\s*>)|(?<=\bnew |\b(?:is|as) |\btypeof\()(?<type>[A-Z]\w+)|(?<![\w.])(?<type>Fsck|Page|Volume|PatchSet|ReferenceTracking|ReplacementPolicies)(?=\.)")]
    private static partial Regex Word();
}
