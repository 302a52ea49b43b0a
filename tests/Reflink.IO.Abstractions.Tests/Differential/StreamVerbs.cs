namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>What programs do with streams. They have no buffer, so that streams of one file see each other's writes on every filesystem.</summary>
internal static class StreamVerbs
{
    private static readonly FileAccess[] s_access = [FileAccess.Read, FileAccess.Write, FileAccess.ReadWrite];
    private static readonly FileShare[] s_share = [FileShare.Read, FileShare.ReadWrite, FileShare.None, FileShare.ReadWrite | FileShare.Delete];

    public static IEnumerable<Verb> All =>
    [
        new("FileStream.New", Open, 14),
        new("FileStream.New with options", OpenWithOptions, 3),
        new("FileStream.Read", (s, p) => On(s, p, f => Read(f, p.N % 5000)), 5),
        new("FileStream.ReadByte", (s, p) => On(s, p, f => f.ReadByte())),
        new("FileStream.Write", (s, p) => On(s, p, f => Then(f, () => f.Write(FileVerbs.Bytes(p.N)))), 6),
        new("FileStream.WriteByte", (s, p) => On(s, p, f => Then(f, () => f.WriteByte((byte)p.N)))),
        new("FileStream.WriteAsync", (s, p) => On(s, p, f => Then(f, () => f.WriteAsync(FileVerbs.Bytes(p.N)).AsTask().GetAwaiter().GetResult())), 1),
        new("FileStream.ReadAsync", (s, p) => On(s, p, f => f.ReadAsync(new byte[p.N % 99]).AsTask().GetAwaiter().GetResult()), 1),
        new("FileStream.Seek", (s, p) => On(s, p, f => f.Seek((p.N % 9000) - 1000, (SeekOrigin)(p.M % 5 / 2 + p.M % 2))), 4),
        new("FileStream.Position", (s, p) => On(s, p, f => f.Position = (p.N % 9000) - 100)),
        new("FileStream.SetLength", (s, p) => On(s, p, f => Then(f, () => f.SetLength((p.N % 9000) - 100))), 3),
        new("FileStream.Length", (s, p) => On(s, p, f => (f.Length, f.Position, f.CanRead, f.CanWrite, f.CanSeek).ToString()), 3),
        new("FileStream.Flush", (s, p) => On(s, p, f => Then(f, () => f.Flush(p.N % 2 == 0))), 1),
        new("FileStream.CopyTo", (s, p) => On(s, p, f => Copied(f)), 1),
        new("FileStream.Dispose", (s, p) => On(s, p, f =>
        {
            f.Dispose();
            return null;
        }), 8),
    ];

    private static object? Open(Stage stage, Step step)
    {
        stage.Streams[step.N % 3]?.Dispose();
        stage.Streams[step.N % 3] = stage.Fs.FileStream.New(
            stage.At(step.A), (FileMode)(step.M % 6 + 1), s_access[step.N / 3 % 3], s_share[step.N / 9 % 4], 0);
        return (stage.Streams[step.N % 3]!.Length, stage.Streams[step.N % 3]!.Position).ToString();
    }

    private static object? OpenWithOptions(Stage stage, Step step)
    {
        stage.Streams[step.N % 3]?.Dispose();
        stage.Streams[step.N % 3] = stage.Fs.FileStream.New(stage.At(step.A), new FileStreamOptions
        {
            Mode = (FileMode)(step.M % 6 + 1),
            Access = s_access[step.N / 3 % 3],
            Share = s_share[step.N / 9 % 4],
            BufferSize = 0,
            Options = step.N % 5 == 0 ? FileOptions.DeleteOnClose : FileOptions.None,
            PreallocationSize = step.N % 4 == 0 ? 10_000 : 0,
            UnixCreateMode = step.N % 7 == 0 ? (UnixFileMode)(step.M % 512) : null,
        });
        return stage.Streams[step.N % 3]!.Length;
    }

    private static object? On(Stage stage, Step step, Func<FileSystemStream, object?> call) =>
        stage.Streams[step.M % 3] is { } stream ? call(stream) : null;

    private static object? Then(FileSystemStream stream, Action call)
    {
        call();
        return (stream.Position, stream.Length).ToString();
    }

    private static byte[] Read(FileSystemStream stream, int count)
    {
        var bytes = new byte[count];
        return bytes[..stream.Read(bytes)];
    }

    private static byte[] Copied(FileSystemStream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
