namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>What programs do with attributes, permissions, times and links.</summary>
internal static class AttributeVerbs
{
    public static IEnumerable<Verb> All =>
    [
        new("File.GetAttributes", (s, p) => s.Fs.File.GetAttributes(s.At(p.A)), 4),
        new("File.SetAttributes", (s, p) => Then(() => s.Fs.File.SetAttributes(s.At(p.A), Attributes(p.N)))),
        new("File.GetUnixFileMode", (s, p) => s.Fs.File.GetUnixFileMode(s.At(p.A))),
        new("File.SetUnixFileMode", (s, p) => Then(() => s.Fs.File.SetUnixFileMode(s.At(p.A), (UnixFileMode)(p.N % 9 == 0 ? p.N : p.N % 512)))),
        new("File.SetLastWriteTimeUtc", (s, p) => Then(() => s.Fs.File.SetLastWriteTimeUtc(s.At(p.A), Date(p.N))) ?? s.Fs.File.GetLastWriteTimeUtc(s.At(p.A))),
        new("File.SetLastAccessTimeUtc", (s, p) => Then(() => s.Fs.File.SetLastAccessTimeUtc(s.At(p.A), Date(p.N))) ?? s.Fs.File.GetLastAccessTimeUtc(s.At(p.A))),
        new("File.SetLastWriteTime", (s, p) => Then(() => s.Fs.File.SetLastWriteTime(s.At(p.A), Date(p.N))) ?? s.Fs.File.GetLastWriteTime(s.At(p.A)), 1),
        new("File.GetLastWriteTimeUtc", (s, p) => s.Fs.File.GetLastWriteTimeUtc(s.At(p.A)), 3),
        new("File.SetCreationTimeUtc", (s, p) => Then(() => s.Fs.File.SetCreationTimeUtc(s.At(p.A), Date(p.N))) ?? (s.Fs.File.GetCreationTimeUtc(s.At(p.A)), s.Fs.File.GetLastWriteTimeUtc(s.At(p.A)))),
        new("Directory.SetLastWriteTimeUtc", (s, p) => Then(() => s.Fs.Directory.SetLastWriteTimeUtc(s.At(p.A), Date(p.N))) ?? s.Fs.Directory.GetLastWriteTimeUtc(s.At(p.A)), 1),
        new("File.CreateSymbolicLink", (s, p) => s.Fs.File.CreateSymbolicLink(s.At(p.A), Target(s, p)).FullName, 4),
        new("Directory.CreateSymbolicLink", (s, p) => s.Fs.Directory.CreateSymbolicLink(s.At(p.A), Target(s, p)).FullName, 2),
        new("File.ResolveLinkTarget", (s, p) => s.Fs.File.ResolveLinkTarget(s.At(p.A), p.N % 2 == 0)?.FullName, 3),
        new("Directory.ResolveLinkTarget", (s, p) => s.Fs.Directory.ResolveLinkTarget(s.At(p.A), p.N % 2 == 0)?.FullName, 1),
    ];

    private static FileAttributes Attributes(int n) => (n % 6) switch
    {
        0 => FileAttributes.ReadOnly,
        1 => FileAttributes.Normal,
        2 => FileAttributes.ReadOnly | FileAttributes.Hidden,
        3 => FileAttributes.Hidden,
        4 => FileAttributes.Archive,
        _ => (FileAttributes)(1 << 24),
    };

    private static DateTime Date(int n) => new DateTime(1990 + (n % 30), 1 + (n % 12), 1 + (n % 28), n % 24, n % 60, n % 60, (DateTimeKind)(n % 3)).AddTicks(n % 9999);

    private static string Target(Stage stage, Step step) => step.N % 2 == 0 ? stage.At(step.B) : step.B == Stage.Nothing ? "" : step.B.Length == 0 ? "." : step.B;

    private static object? Then(Action call)
    {
        call();
        return null;
    }
}
