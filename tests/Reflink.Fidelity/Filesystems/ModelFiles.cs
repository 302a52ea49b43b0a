using Reflink.Files;

namespace Reflink.Fidelity.Filesystems;

/// <summary>The model's volume as a backend.</summary>
public sealed class ModelFiles : IFileDriver
{
    private readonly Machine _machine;
    private readonly OpenFile[] _files;

    /// <summary>A new machine with that many empty files.</summary>
    public ModelFiles(int files, MachineOptions? options = null)
    {
        _machine = new Machine(options ?? new MachineOptions { Memory = 4 << 20, VolumeCapacity = 64 << 20 });
        _files = [.. Enumerable.Range(0, files).Select(i => _machine.Volume.Create($"/f{i}"))];
    }

    /// <inheritdoc/>
    public (long First, long Second) Do(in FileOp op)
    {
        try
        {
            return Call(op);
        }
        catch (ReflinkException e)
        {
            return (-(long)e.Error, 0);
        }
    }

    /// <inheritdoc/>
    public FileState State(int file)
    {
        var open = _files[file];
        var bytes = new byte[open.Size];
        _ = open.Read(0, bytes);
        var (places, marks) = (new long[Page.CountFor(open.Size)], new char[Page.CountFor(open.Size)]);
        Array.Fill(places, -1);
        Array.Fill(marks, FileState.Hole);
        foreach (var extent in _machine.Volume.Extents($"/f{file}", sync: true))
        {
            for (var i = 0L; i < extent.Length && (extent.Start + i).Value is var page && page < places.Length; i++)
            {
                marks[page] = FileState.MarkOf((uint)extent.Flags);
                places[page] = marks[page] == FileState.Unwritten ? -1 : (extent.Block + i).Value;
            }
        }

        return new FileState(bytes, places, marks, DataRanges.Of(open.Size, at => Seek(() => open.SeekData(at)), at => Seek(() => open.SeekHole(at))));
    }

    /// <summary>What fsck finds.</summary>
    public IReadOnlyList<string> Check() => Fsck.Check(_machine);

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();

    private (long First, long Second) Call(in FileOp op)
    {
        var (file, other, volume) = (_files[op.File], _files[op.Other], _machine.Volume);
        switch (op.Verb)
        {
            case FileVerb.Write: return (file.Write(op.Offset, LiveFiles.Pattern(op)), 0);
            case FileVerb.Truncate: file.Truncate(op.Offset); return default;
            case FileVerb.Clone: volume.Clone(other, file); return default;
            case FileVerb.CloneRange: volume.CloneRange(other, op.OtherOffset, op.Length, file, op.Offset); return default;
            case FileVerb.CopyRange: return (volume.CopyRange(other, op.OtherOffset, file, op.Offset, op.Length), 0);
            case FileVerb.Fallocate: file.Fallocate(op.Mode, op.Offset, op.Length); return default;
            case FileVerb.Seek: return Seeks(file, op.Offset);
            case FileVerb.Dedupe:
                var results = volume.Dedupe(file, op.Offset, op.Length, [new(other, op.OtherOffset), new(file, op.OtherOffset)]);
                return (Number(results[0]), Number(results[1]));
            default: return default;
        }
    }

    private static (long First, long Second) Seeks(OpenFile file, long offset) =>
        (Seek(() => file.SeekData(offset)) < 0 ? -1 : 0, Seek(() => file.SeekHole(offset)) < 0 ? -1 : 0);

    private static long Number(DedupeResult result) => result switch
    {
        { Error: { } error } => -(long)error,
        { AreSame: true } => result.Bytes,
        _ => LiveFiles.Differs,
    };

    private static long Seek(Func<long> seek)
    {
        try
        {
            return seek();
        }
        catch (ReflinkException e)
        {
            return -(long)e.Error;
        }
    }
}
