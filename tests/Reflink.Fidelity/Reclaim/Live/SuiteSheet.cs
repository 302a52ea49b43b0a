using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What the file SUITE.json beside recordings says of a suite.</summary>
public sealed record SuiteSheet
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The name of the suite.</summary>
    public required string Suite { get; init; }

    /// <summary>The kernel's release.</summary>
    public required string Kernel { get; init; }

    /// <summary>The version of cgroups.</summary>
    public required int Cgroup { get; init; }

    /// <summary>The limit, in bytes.</summary>
    public required long Limit { get; init; }

    /// <summary>From 0 to 200.</summary>
    public required int Swappiness { get; init; }

    /// <summary>memory.stat was read after so many accesses.</summary>
    public required int FlushInterval { get; init; }

    /// <summary>The binary logarithm of the pages that are read from swap at once.</summary>
    public required int PageCluster { get; init; }

    /// <summary>Bytes that a fault maps around its page; null where the kernel does not tell (65,536 is its default).</summary>
    public required int? FaultAroundBytes { get; init; }

    /// <summary>The filesystem of the file; null if there is no file.</summary>
    public required string? Filesystem { get; init; }

    /// <summary>What the file lay on, and what anonymous pages were swapped to.</summary>
    public required DeviceKind Devices { get; init; }

    /// <summary>The processors of the machine.</summary>
    public required int Processors { get; init; }

    /// <summary>What seeded the kinds of the accesses.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Why accessed bits cannot be trusted here; null if they can.</summary>
    public required string? AccessedBits { get; init; }

    /// <summary>The traces.</summary>
    public required IReadOnlyList<TraceSheet> Traces { get; init; }

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no such sheet.</exception>
    public static SuiteSheet? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<SuiteSheet>(File.ReadAllText(path), s_json) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");
}
