using Reflink.Patching;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;

namespace Reflink.Studies.Live;

/// <summary>The files that the processes of a live comparison map, made by the code that makes the model's, and how they are patched.</summary>
internal sealed class LiveFiles
{
    private const string Binary = "/binary";
    private readonly ComparisonPlan _plan;
    private readonly string _folder;
    private readonly string _mechanism;
    private readonly Dictionary<PatchProfile, IReadOnlyList<PatchedRun>> _runs = [];
    private readonly Dictionary<PatchProfile, FlatCopy> _tables = [];

    /// <summary>Makes them in a folder of this computer. They are written back, so that none of their pages is dirty.</summary>
    public LiveFiles(ComparisonPlan plan, string folder, string mechanism)
    {
        (_plan, _folder, _mechanism) = (plan, folder, mechanism);
        Write(Binary, plan.Elf.Read(0, (int)plan.Elf.Size));
        using var machine = new Machine(new MachineOptions { Memory = 256 << 20, VolumeCapacity = (plan.Elf.Size + (1 << 20)) * (2 + plan.Profiles.Count) });
        machine.Volume.Import(Of(Binary), Binary);
        foreach (var profile in plan.Profiles)
        {
            switch (mechanism)
            {
                case "copied-file":
                    PatchedCopy.Create(machine.Volume, Binary, Patched(profile), profile.Patches);
                    Export(machine, profile);
                    break;
                case "delta":
                    _runs[profile] = PatchedPages.Create(machine.Volume, Binary, Patched(profile), profile.Patches);
                    Export(machine, profile);
                    break;
                case "flags":
                    _tables[profile] = FlagsMechanism.TableOf(plan, profile);
                    break;
                default:
                    break;
            }
        }

        if (mechanism == "flags")
        {
            Write(FlagsMechanism.TablePath, FlagsMechanism.BytesOf(plan));
        }
    }

    /// <summary>Maps what a process has before anything is patched.</summary>
    public IReadOnlyList<LiveRegion> Map(LiveProcess process, PatchProfile profile)
    {
        var isFlags = _tables.TryGetValue(profile, out var table);
        var texts = (isFlags ? _plan.Texts : profile.Texts).Select(text => new LiveRegion(process.Map(Of(Binary), text.Pages.Start.Offset, text.Length), text)).ToList();
        return isFlags ? [.. texts, new LiveRegion(process.Map(Of(FlagsMechanism.TablePath), 0, table!.Length, isWritable: true), table)] : texts;
    }

    /// <summary>Patches one process.</summary>
    public void Apply(LiveProcess process, PatchProfile profile, IReadOnlyList<LiveRegion> regions)
    {
        foreach (var region in regions.Where(region => region.Bytes.Changes.Count > 0))
        {
            var (at, text) = (region.Address, region.Bytes);
            switch (_mechanism)
            {
                case "copied-file":
                    process.Map(Of(Patched(profile)), text.Pages.Start.Offset, text.Length, address: at);
                    break;
                case "delta":
                    foreach (var run in _runs[profile])
                    {
                        var own = run.Pages.Intersect(text.Pages);
                        if (!own.IsEmpty)
                        {
                            process.Map(Of(Patched(profile)), run.Offset + ((own.Start - run.Pages.Start) << Page.Shift), own.Length << Page.Shift, address: at + ((own.Start - text.Pages.Start) << Page.Shift));
                        }
                    }

                    break;
                case "flags":
                    process.Store(Stores(region));
                    break;
                default:
                    process.Protect(at, text.Length, isWritable: true);
                    process.Store(Stores(region));
                    process.Protect(at, text.Length, isWritable: false);
                    break;
            }
        }

        foreach (var region in _mechanism == "private+ksm" ? regions : [])
        {
            process.Merge(region.Address, region.Bytes.Length);
        }
    }

    private static List<(long Address, byte[] Bytes)> Stores(LiveRegion region)
    {
        var changes = region.Bytes.Changes;
        var start = region.Address - region.Bytes.Pages.Start.Offset;
        return [.. Enumerable.Range(0, changes.Count).Select(i => (start + changes.Offset(i), changes.New(i).ToArray()))];
    }

    private static string Patched(PatchProfile profile) => $"/patched{profile.Number}";

    private string Of(string path) => Path.Combine(_folder, path[1..]);

    private void Export(Machine machine, PatchProfile profile)
    {
        machine.Volume.Export(Patched(profile), Of(Patched(profile)));
        machine.Volume.Unlink(Patched(profile));
        using var file = File.OpenHandle(Of(Patched(profile)), FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = File.Create(Of(path));
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
