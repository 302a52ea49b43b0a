namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>What programs do with FileInfo and DirectoryInfo, which remember what they saw.</summary>
internal static class InfoVerbs
{
    public static IEnumerable<Verb> All =>
    [
        new("FileInfo.New", (s, p) => (s.Files[p.N % 2] = s.Fs.FileInfo.New(s.At(p.A))).Name, 8),
        new("DirectoryInfo.New", (s, p) => (s.Directories[p.N % 2] = s.Fs.DirectoryInfo.New(s.At(p.A))).Name, 8),
        OfFile("FileInfo.Exists", (f, s, p) => f.Exists),
        OfFile("FileInfo.Length", (f, s, p) => f.Length is var length && (f.Attributes & FileAttributes.ReparsePoint) != 0 ? "as long as the target's name" : length),
        OfFile("FileInfo.Names", (f, s, p) => new[] { f.FullName, f.Extension, f.DirectoryName, f.ToString() }),
        OfFile("FileInfo.Attributes", (f, s, p) => f.Attributes),
        OfFile("FileInfo.IsReadOnly", (f, s, p) => f.IsReadOnly = p.M % 2 == 0),
        OfFile("FileInfo.LinkTarget", (f, s, p) => f.LinkTarget),
        OfFile("FileInfo.Refresh", (f, s, p) => Then(f.Refresh)),
        OfFile("FileInfo.Delete", (f, s, p) => Then(f.Delete)),
        OfFile("FileInfo.MoveTo", (f, s, p) => Then(() => f.MoveTo(s.At(p.B), p.M % 2 == 0)) ?? f.FullName),
        OfFile("FileInfo.CopyTo", (f, s, p) => f.CopyTo(s.At(p.B), p.M % 2 == 0).FullName),
        OfFile("FileInfo.Replace", (f, s, p) => f.Replace(s.At(p.B), p.M % 2 == 0 ? null : s.At("k")).FullName),
        OfFile("FileInfo.Create", (f, s, p) => Then(() => f.Create().Dispose()) ?? f.Exists),
        OfFile("FileInfo.LastWriteTimeUtc", (f, s, p) => f.LastWriteTimeUtc),
        OfFile("FileInfo.Directory", (f, s, p) => f.Directory?.FullName),
        OfDirectory("DirectoryInfo.Exists", (d, s, p) => d.Exists),
        OfDirectory("DirectoryInfo.Names", (d, s, p) => new[] { d.FullName, d.Extension, d.Parent?.FullName, d.Root.FullName, d.ToString() }),
        OfDirectory("DirectoryInfo.Attributes", (d, s, p) => d.Attributes),
        OfDirectory("DirectoryInfo.Create", (d, s, p) => Then(d.Create) ?? d.Exists),
        OfDirectory("DirectoryInfo.CreateSubdirectory", (d, s, p) => d.CreateSubdirectory(p.B == Stage.Nothing ? "" : p.B).FullName),
        OfDirectory("DirectoryInfo.Delete", (d, s, p) => Then(() => d.Delete(p.M % 2 == 0))),
        OfDirectory("DirectoryInfo.MoveTo", (d, s, p) => Then(() => d.MoveTo(s.At(p.B))) ?? d.FullName),
        OfDirectory("DirectoryInfo.GetFiles", (d, s, p) => d.GetFiles().Select(f => $"{f.Name} {((f.Attributes & FileAttributes.ReparsePoint) != 0 ? -1 : f.Length)} {f.Exists}")),
        OfDirectory("DirectoryInfo.GetDirectories", (d, s, p) => d.GetDirectories().Select(f => f.FullName)),
        OfDirectory("DirectoryInfo.EnumerateFileSystemInfos", (d, s, p) => d.EnumerateFileSystemInfos("*a*").Select(f => $"{f.Name} {f.Attributes} {f.GetType().Name.Contains("Directory", StringComparison.Ordinal)}")),
    ];

    private static Verb OfFile(string name, Func<IFileInfo, Stage, Step, object?> call) =>
        new(name, (stage, step) => stage.Files[step.N % 2] is { } file ? call(file, stage, step) : null, 1);

    private static Verb OfDirectory(string name, Func<IDirectoryInfo, Stage, Step, object?> call) =>
        new(name, (stage, step) => stage.Directories[step.N % 2] is { } directory ? call(directory, stage, step) : null, 1);

    private static object? Then(Action call)
    {
        call();
        return null;
    }
}
