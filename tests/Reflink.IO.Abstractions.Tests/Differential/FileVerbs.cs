using System.Text;

namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>What programs do with File.</summary>
internal static class FileVerbs
{
    private static readonly Encoding[] s_encodings = [Encoding.UTF8, Encoding.Unicode, Encoding.Latin1];

    public static IEnumerable<Verb> All =>
    [
        Void("File.WriteAllText", (s, p) => s.Fs.File.WriteAllText(s.At(p.A), Text(p.N)), 6),
        Void("File.WriteAllText with an encoding", (s, p) => s.Fs.File.WriteAllText(s.At(p.A), Text(p.N), s_encodings[p.M % 3])),
        Void("File.WriteAllBytes", (s, p) => s.Fs.File.WriteAllBytes(s.At(p.A), Bytes(p.N)), 6),
        Void("File.WriteAllLines", (s, p) => s.Fs.File.WriteAllLines(s.At(p.A), Lines(p.N)), 1),
        Void("File.AppendAllText", (s, p) => s.Fs.File.AppendAllText(s.At(p.A), Text(p.N)), 3),
        Void("File.AppendAllLines", (s, p) => s.Fs.File.AppendAllLines(s.At(p.A), Lines(p.N)), 1),
        Void("File.AppendAllBytes", (s, p) => s.Fs.File.AppendAllBytes(s.At(p.A), Bytes(p.N)), 1),
        new("File.ReadAllBytes", (s, p) => s.Fs.File.ReadAllBytes(s.At(p.A)), 4),
        new("File.ReadAllText", (s, p) => s.Fs.File.ReadAllText(s.At(p.A))),
        new("File.ReadAllText with an encoding", (s, p) => s.Fs.File.ReadAllText(s.At(p.A), s_encodings[p.M % 3]), 1),
        new("File.ReadAllLines", (s, p) => s.Fs.File.ReadAllLines(s.At(p.A))),
        new("File.ReadLines", (s, p) => s.Fs.File.ReadLines(s.At(p.A)).Take(2), 1),
        new("File.ReadAllTextAsync", (s, p) => s.Fs.File.ReadAllTextAsync(s.At(p.A)).GetAwaiter().GetResult(), 1),
        Void("File.WriteAllTextAsync", (s, p) => s.Fs.File.WriteAllTextAsync(s.At(p.A), Text(p.N)).GetAwaiter().GetResult(), 1),
        new("File.Exists", (s, p) => s.Fs.File.Exists(s.At(p.A)), 4),
        new("Path.Exists", (s, p) => s.Fs.Path.Exists(s.At(p.A))),
        Void("File.Delete", (s, p) => s.Fs.File.Delete(s.At(p.A)), 4),
        Void("File.Copy", (s, p) => s.Fs.File.Copy(s.At(p.A), s.At(p.B)), 4),
        Void("File.Copy over", (s, p) => s.Fs.File.Copy(s.At(p.A), s.At(p.B), overwrite: true), 4),
        Void("File.Move", (s, p) => s.Fs.File.Move(s.At(p.A), s.At(p.B)), 4),
        Void("File.Move over", (s, p) => s.Fs.File.Move(s.At(p.A), s.At(p.B), overwrite: true), 4),
        Void("File.Replace", (s, p) => s.Fs.File.Replace(s.At(p.A), s.At(p.B), null)),
        Void("File.Replace with a backup", (s, p) => s.Fs.File.Replace(s.At(p.A), s.At(p.B), s.At("k"))),
        Void("File.Create", (s, p) => s.Fs.File.Create(s.At(p.A)).Dispose()),
        Void("File.CreateText", (s, p) => Write(s.Fs.File.CreateText(s.At(p.A)), p.N), 1),
        Void("File.AppendText", (s, p) => Write(s.Fs.File.AppendText(s.At(p.A)), p.N), 1),
        new("File.OpenText", (s, p) => Read(s.Fs.File.OpenText(s.At(p.A))), 1),
    ];

    /// <summary>Bytes of a length that is interesting to pages of 4,096.</summary>
    public static byte[] Bytes(int n)
    {
        var length = (n % 7) switch { 0 => 0, 1 => 4096, 2 => 5000, 3 => 9000, _ => n % 60 };
        return [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 / 7 + n))];
    }

    private static string Text(int n) => n % 5 == 0 ? "" : string.Concat(Enumerable.Repeat($"text {n} ä€", n % 9));

    private static string[] Lines(int n) => [.. Enumerable.Range(0, n % 4).Select(i => $"line {i} of {n}")];

    private static Verb Void(string name, Action<Stage, Step> call, int weight = 2) => new(name, (stage, step) =>
    {
        call(stage, step);
        return null;
    }, weight);

    private static void Write(StreamWriter writer, int n)
    {
        using (writer)
        {
            writer.Write(Text(n));
        }
    }

    private static string Read(StreamReader reader)
    {
        using (reader)
        {
            return reader.ReadToEnd();
        }
    }
}
