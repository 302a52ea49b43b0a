using System.Globalization;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios;

/// <summary>Something that a scenario's machine can be made with: a line of <c>machine:</c>.</summary>
/// <param name="Name">The name, as the options of commands have it without dashes before it.</param>
/// <param name="Does">What it means, and what it takes.</param>
/// <param name="Apply">The options with it; null if the text is none that it takes.</param>
internal sealed record MachineSetting(string Name, string Does, Func<MachineOptions, string, MachineOptions?> Apply)
{
    private const string Kept = "kept";

    /// <summary>The property of <see cref="MachineOptions"/> that it sets.</summary>
    public string Member { get; init; } = string.Concat(Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The property's value in C#, for a text that is always the same.</summary>
    public required Func<string, string> Fixed { get; init; }

    /// <summary>The property's value in C#, for an expression of the type <c>Value</c> without an operator outside of parentheses.</summary>
    public required Func<string, string> Computed { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MachineSetting> All { get; } =
    [
        Size("memory", "memory of the machine, 64 KiB at the least", (o, n) => o with { Memory = n }),
        Size("swap", "swap space for pages of processes", (o, n) => o with { Swap = n }),
        Size("volume", "what the volume can hold", (o, n) => o with { VolumeCapacity = n }) with { Member = nameof(MachineOptions.VolumeCapacity) },
        Size("readahead", "how far reads of open files are read ahead", (o, n) => o with { Readahead = n }),
        Size("read-around", "what is read around a page that a load or store misses", (o, n) => o with { ReadAround = n }),
        Size("fault-around", "what a load that faults maps at once", (o, n) => o with { FaultAround = n }),
        Size("min-free", "memory that no allocation takes (min_free_kbytes); kswapd runs above it", (o, n) => o with { MinFree = n }),
        Number("watermark-scale", "with min-free: the distance between two marks, in ten thousandths of memory", (o, n) => o with { WatermarkScale = n }),
        Number("swappiness", "how readily anonymous pages leave, 0 to 200", (o, n) => o with { Swappiness = n }),
        Number("numa-nodes", "how many NUMA nodes memory has", (o, n) => o with { NumaNodes = n }),
        OneOf("policy", "what chooses whom to evict", ReplacementPolicies.Names, (o, text) => o with { Policy = text }),
        Kind<CacheKeying>("keying", "by what the page cache finds pages", (o, kind) => o with { Keying = kind }),
        Kind<ReferenceTracking>("references", "what the policy learns of loads and stores", (o, kind) => o with { References = kind }),
        Kind<SharingDomain>("sharing", "who shares the pages that equal patches make", (o, kind) => o with { SharingDomain = kind }) with { Member = nameof(MachineOptions.SharingDomain) },
        Kind<OutOfMemory>("out-of-memory", "what happens when nothing can be reclaimed", (o, kind) => o with { OutOfMemory = kind }),
        Truth("recipe-aware", "whether derived pages leave before all others", (o, truth) => o with { RecipeAware = truth }),
        Truth("maps-zero-page", "whether loads of untouched memory share one page of zeroes", (o, truth) => o with { MapsZeroPage = truth }),
        Text("disk", "Store", $"whether the disk is in memory, or kept in files of the run, so that it can crash: memory, {Kept}", (o, text) => text == Kept ? o with { Store = new StoreOptions { Folder = Path.GetTempPath(), Use = StoreUse.Durable } } : text == "memory" ? o : null),
        Text("device", "Device", $"how long the disk takes: {DeviceText.Takes}", (o, text) => DeviceText.TryParse(text, out var device) ? o with { Device = device } : null),
        Text("dirty", "Dirty", $"how much of memory may be dirty: {DirtyText.Takes}", (o, text) => DirtyText.TryParse(text, out var limits) ? o with { Dirty = limits } : null),
    ];

    /// <summary>What is wrong with a value.</summary>
    public string Problem(string text) => $"'{text}' is no {Name}: {Does}";

    private static MachineSetting Size(string name, string does, Func<MachineOptions, long, MachineOptions> apply) =>
        new(name, $"{does}; it takes {ByteSize.Takes}", (o, text) => ByteSize.TryParse(text, out var bytes) ? apply(o, bytes) : null)
        {
            Fixed = text => CSharpExpression.Literal(Formula.Meaning(text)).Text,
            Computed = value => $"(long){value}",
        };

    private static MachineSetting Number(string name, string does, Func<MachineOptions, int, MachineOptions> apply) =>
        new(name, $"{does}; it takes a whole number", (o, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? apply(o, number) : null)
        {
            Fixed = text => text,
            Computed = value => $"(int){value}",
        };

    private static MachineSetting Truth(string name, string does, Func<MachineOptions, bool, MachineOptions> apply) =>
        new(name, $"{does}; it takes true or false", (o, text) => bool.TryParse(text, out var truth) ? apply(o, truth) : null)
        {
            Fixed = text => text.ToLowerInvariant(),
            Computed = value => $"(bool){value}",
        };

    private static MachineSetting OneOf(string name, string does, IReadOnlyList<string> words, Func<MachineOptions, string, MachineOptions> apply) =>
        new(name, $"{does}: {string.Join(", ", words)}", (o, text) => words.Contains(text) ? apply(o, text) : null)
        {
            Fixed = CSharpExpression.Quoted,
            Computed = value => $"(string){value}",
        };

    private static MachineSetting Kind<T>(string name, string does, Func<MachineOptions, T, MachineOptions> apply)
        where T : struct, Enum =>
        OneOf(name, does, [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())], (o, text) => apply(o, Enum.Parse<T>(text, ignoreCase: true))) with
        {
            Fixed = text => $"{typeof(T).Name}.{Enum.Parse<T>(text, ignoreCase: true)}",
            Computed = value => $"{value}.As<{typeof(T).Name}>()",
        };

    // What is written in a way of its own: the laboratory reads it.
    private static MachineSetting Text(string name, string member, string does, Func<MachineOptions, string, MachineOptions?> apply) => new(name, does, apply)
    {
        Member = member,
        Fixed = text => $"Laboratory.{(member == "Store" ? "Disk" : member)}({CSharpExpression.Quoted(text)})",
        Computed = value => $"Laboratory.{(member == "Store" ? "Disk" : member)}({value})",
    };
}
