namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>What programs do with Directory.</summary>
internal static class DirectoryVerbs
{
    private static readonly string[] s_patterns = ["*", "*.*", "a*", "?", "*.txt", "", "[ab]", "b/*", "*.T?t", ".*"];

    public static IEnumerable<Verb> All =>
    [
        new("Directory.CreateDirectory", (s, p) => s.Fs.Directory.CreateDirectory(s.At(p.A)).FullName, 12),
        new("Directory.CreateDirectory with a mode", (s, p) => s.Fs.Directory.CreateDirectory(s.At(p.A), (UnixFileMode)(p.N % 512 | 0x1c0)).FullName),
        Void("Directory.Delete", (s, p) => s.Fs.Directory.Delete(s.At(p.A)), 4),
        Void("Directory.Delete with all in it", (s, p) => s.Fs.Directory.Delete(s.At(p.A), recursive: true), 4),
        new("Directory.Exists", (s, p) => s.Fs.Directory.Exists(s.At(p.A)), 4),
        Void("Directory.Move", (s, p) => s.Fs.Directory.Move(s.At(p.A), s.At(p.B)), 5),
        new("Directory.GetFiles", (s, p) => s.Fs.Directory.GetFiles(s.At(p.A)), 2),
        new("Directory.GetFiles with a pattern", (s, p) => s.Fs.Directory.GetFiles(s.At(p.A), s_patterns[p.N % s_patterns.Length])),
        new("Directory.GetDirectories", (s, p) => s.Fs.Directory.GetDirectories(s.At(p.A), s_patterns[p.N % s_patterns.Length])),
        new("Directory.GetFileSystemEntries", (s, p) => s.Fs.Directory.GetFileSystemEntries(s.At(p.A), s_patterns[p.N % s_patterns.Length])),
        new("Directory.EnumerateFileSystemEntries with options", (s, p) => s.Fs.Directory.EnumerateFileSystemEntries(s.At(p.A), s_patterns[p.N % s_patterns.Length], Options(p)), 5),
        new("Directory.GetParent", (s, p) => s.Fs.Directory.GetParent(s.At(p.A))?.FullName, 1),
    ];

    private static EnumerationOptions Options(Step step) => new()
    {
        // Links are left out of what is searched, or a circle of them would be searched forty times.
        AttributesToSkip = FileAttributes.ReparsePoint | (step.M % 2 == 0 ? FileAttributes.Hidden : 0) | (step.M % 3 == 0 ? FileAttributes.ReadOnly : 0),
        RecurseSubdirectories = step.M % 5 > 1,
        MaxRecursionDepth = step.M % 7 == 0 ? 1 : int.MaxValue,
        MatchType = step.M % 11 > 5 ? MatchType.Win32 : MatchType.Simple,
        MatchCasing = step.M % 13 > 8 ? MatchCasing.CaseInsensitive : MatchCasing.PlatformDefault,
        ReturnSpecialDirectories = step.M % 17 == 0,
        IgnoreInaccessible = step.M % 19 > 9,
    };

    private static Verb Void(string name, Action<Stage, Step> call, int weight = 2) => new(name, (stage, step) =>
    {
        call(stage, step);
        return null;
    }, weight);
}
