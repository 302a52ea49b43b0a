using System.IO.Compression;
using System.Text.Json;

namespace Reflink.Fidelity.Ksm;

/// <summary>A script and the states that a kernel was in after each step, so that a model can be compared where there is no such kernel.</summary>
/// <param name="Seed">The seed of the script.</param>
/// <param name="Script">The steps.</param>
/// <param name="States">The state after each.</param>
public sealed record KsmRecording(int Seed, IReadOnlyList<string> Script, IReadOnlyList<string> States)
{
    /// <summary>Plays and records.</summary>
    public static KsmRecording Make(int seed, IReadOnlyList<KsmOp> script, IKsmSystem system) =>
        new(seed, [.. script.Select(op => op.ToString())], [.. KsmScript.Play(script, system)]);

    /// <summary>Writes JSON, a recording a line, compressed by Brotli.</summary>
    public static void Save(string file, IEnumerable<KsmRecording> recordings)
    {
        using var compressed = new BrotliStream(File.Create(file), CompressionLevel.SmallestSize);
        foreach (var recording in recordings)
        {
            JsonSerializer.Serialize(compressed, recording);
            compressed.WriteByte((byte)'\n');
        }
    }

    /// <summary>Reads what <see cref="Save"/> has written.</summary>
    public static IReadOnlyList<KsmRecording> Load(Stream file)
    {
        using var reader = new StreamReader(new BrotliStream(file, CompressionMode.Decompress));
        var recordings = new List<KsmRecording>();
        while (reader.ReadLine() is { } line)
        {
            recordings.Add(JsonSerializer.Deserialize<KsmRecording>(line)!);
        }

        return recordings;
    }

    /// <summary>What the system does otherwise than recorded first, in words; null if nothing.</summary>
    public string? Difference(IKsmSystem system)
    {
        foreach (var (step, state) in KsmScript.Play(Script.Select(KsmOp.Parse), system).Index())
        {
            if (state != States[step])
            {
                return $"seed {Seed}, step {step}:\n{string.Join('\n', Script.Take(step + 1))}\nrecorded:\n{States[step]}\nnow:\n{state}";
            }
        }

        return null;
    }
}
