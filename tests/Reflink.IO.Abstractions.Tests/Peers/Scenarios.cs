namespace Reflink.IO.Abstractions.Tests.Peers;

/// <summary>What was found by playing the programs of the differential suite on MockFileSystem, each as short as it can be.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All =>
    [
        new("read a file whose directory is missing", (fs, d) => fs.File.ReadAllText($"{d}/none/a")),
        new("copy a file whose directory is missing", (fs, d) => Then(() => fs.File.Copy($"{d}/none/a", $"{d}/b"))),
        new("read a path through a file", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? fs.File.ReadAllText($"{d}/a/b")),
        new("set the time of a missing file", (fs, d) => Then(() => fs.File.SetLastWriteTimeUtc($"{d}/a", DateTime.UnixEpoch))),
        new("ask where a missing link leads", (fs, d) => fs.File.ResolveLinkTarget($"{d}/a", false)),
        new("make a symbolic link that leads nowhere yet", (fs, d) => fs.File.CreateSymbolicLink($"{d}/a", "later").LinkTarget),
        new("read through a symbolic link", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "text")) ?? Then(() => fs.File.CreateSymbolicLink($"{d}/b", $"{d}/a")) ?? fs.File.ReadAllText($"{d}/b")),
        new("list a directory through a symbolic link", (fs, d) => Linked(fs, d) ?? fs.Directory.GetFiles($"{d}/l").Length),
        new("make a directory with permissions", (fs, d) => Then(() => fs.Directory.CreateDirectory($"{d}/a", (UnixFileMode)0b111_000_000)) ?? Mode(fs.File.GetUnixFileMode($"{d}/a"))),
        new("permissions of a copy", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? Then(() => fs.File.SetUnixFileMode($"{d}/a", UnixFileMode.UserRead)) ?? Then(() => fs.File.Copy($"{d}/a", $"{d}/b")) ?? Mode(fs.File.GetUnixFileMode($"{d}/b"))),
        new("attributes of a file named .a", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/.a", "")) ?? fs.File.GetAttributes($"{d}/.a")),
        new("permissions after the attribute ReadOnly was set", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? Then(() => fs.File.SetAttributes($"{d}/a", FileAttributes.ReadOnly)) ?? Mode(fs.File.GetUnixFileMode($"{d}/a"))),
        new("set an attribute that Linux has not", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? Then(() => fs.File.SetAttributes($"{d}/a", FileAttributes.Hidden)) ?? fs.File.GetAttributes($"{d}/a")),
        new("write a file with a name of 300 characters", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/{new string('n', 300)}", ""))),
        new("write a file whose name ends in a slash", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a/", ""))),
        new("write a directory as if it were a file", (fs, d) => Then(() => fs.Directory.CreateDirectory($"{d}/a")) ?? Then(() => fs.File.WriteAllBytes($"{d}/a", []))),
        new("read a file that a stream holds with FileShare.None", (fs, d) => Held(fs, d, () => fs.File.ReadAllText($"{d}/a"))),
        new("read what a stream wrote before it is flushed", (fs, d) => Written(fs, d)),
        new("seek in front of where a stream began to append", (fs, d) => Appended(fs, d)),
        new("keep space for a file that is only opened", (fs, d) => Preallocated(fs, d)),
        new("move a directory into itself", (fs, d) => Then(() => fs.Directory.CreateDirectory($"{d}/d")) ?? Then(() => fs.Directory.Move($"{d}/d", $"{d}/d/e"))),
        new("remove a directory that is a file", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? Then(() => fs.Directory.Delete($"{d}/a"))),
        new("set the time of creation, and ask for that of the last write", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? Then(() => fs.File.SetCreationTimeUtc($"{d}/a", new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc))) ?? Year(fs.File.GetLastWriteTimeUtc($"{d}/a"))),
        new("the name that CreateDirectory gives to `a/`", (fs, d) => fs.Directory.CreateDirectory($"{d}/a/").FullName[d.Length..]),
        new("list with EnumerationOptions that leave out ReadOnly", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a", "")) ?? Then(() => fs.File.SetUnixFileMode($"{d}/a", UnixFileMode.UserRead)) ?? fs.Directory.GetFiles(d, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReadOnly }).Length),
        new("list with EnumerationOptions and the casing of Linux", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/A", "")) ?? fs.Directory.GetFiles(d, "a", new EnumerationOptions()).Length),
        new("list with EnumerationOptions that ask for . and ..", (fs, d) => fs.Directory.GetFileSystemEntries(d, "*", new EnumerationOptions { ReturnSpecialDirectories = true }).Length),
        new("list files by `*.htm`", (fs, d) => Then(() => fs.File.WriteAllText($"{d}/a.html", "")) ?? fs.Directory.GetFiles(d, "*.htm").Length),
    ];

    private static object? Then(Action call)
    {
        call();
        return null;
    }

    private static object? Linked(IFileSystem fs, string d)
    {
        fs.Directory.CreateDirectory($"{d}/d");
        fs.File.WriteAllText($"{d}/d/a", "");
        fs.Directory.CreateSymbolicLink($"{d}/l", $"{d}/d");
        return null;
    }

    private static object? Held(IFileSystem fs, string d, Func<object?> call)
    {
        using var stream = fs.FileStream.New($"{d}/a", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 0);
        var result = call();
        stream.WriteByte(1);
        return result;
    }

    private static object? Written(IFileSystem fs, string d)
    {
        using var stream = fs.FileStream.New($"{d}/a", FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 0);
        stream.Write([1, 2, 3]);
        return $"{fs.FileInfo.New($"{d}/a").Length} bytes";
    }

    private static object? Appended(IFileSystem fs, string d)
    {
        fs.File.WriteAllText($"{d}/a", "text");
        using var stream = fs.File.Open($"{d}/a", FileMode.Append);
        return stream.Seek(0, SeekOrigin.Begin);
    }

    private static object? Preallocated(IFileSystem fs, string d)
    {
        fs.File.WriteAllText($"{d}/a", "");
        using var stream = fs.File.Open($"{d}/a", new FileStreamOptions { Access = FileAccess.ReadWrite, PreallocationSize = 4096 });
        return "opened";
    }

    private static string Mode(UnixFileMode mode) => Convert.ToString((int)mode, 8);

    private static string Year(DateTime date) => date.Year == 2001 ? "the one that was set" : "now";
}
