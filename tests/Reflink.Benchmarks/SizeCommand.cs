using System.CommandLine;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>A file larger than all memory that it may take, on a store on files; pages of such a store beside FASTER itself.</summary>
internal sealed class SizeCommand() : MeasuringCommand("size", "Write, clone, read and overwrite a file larger than memory; pages of the store beside FASTER itself.")
{
    private const long QuickMebibytes = 1024;
    private readonly Option<int> _size = SizeOption();
    private readonly Option<string?> _folder = new("--folder") { Description = "Where the files go; the temporary directory if not given." };

    private readonly Option<int> _readahead = ReadaheadOption();

    protected override IReadOnlyList<Option> Options => [_size, _folder, _readahead];

    protected override Report Measure(int rounds, ParseResult line)
    {
        using var disk = new ScratchDisk(line.GetValue(_folder));
        var bytes = (IsQuick && line.GetResult(_size) is not { Implicit: false } ? QuickMebibytes : (long)line.GetValue(_size)) << 20;
        var needed = (bytes * 5 / 2) + (3L << 30);
        if (disk.Free < needed)
        {
            var absent = Contestant.Absent("a large file", Contestant.Ours, $"{disk.Path} has {disk.Free >> 20} MiB free of {needed >> 20}; give --folder or a smaller --size");
            return new Report(Name, rounds, [new Standing(absent, null, 0, null)], []);
        }

        // First, for the peak of memory is the process'.
        Say("a large file");
        var large = new LargeFile(disk.Of("store"), bytes, (long)line.GetValue(_readahead) << 10);
        var claims = large.Run();
        using var contest = StoreContest.OnFiles(disk);
        var standings = Run(contest.Contestants, rounds);
        return new Report(Name, rounds, standings, [.. claims, .. contest.Claims(standings, 1.2)]) { Notes = large.Notes };
    }

    private static Option<int> ReadaheadOption()
    {
        var readahead = new Option<int>("--readahead") { Description = "How far the machine reads ahead, in KiB; 0: not at all.", DefaultValueFactory = _ => 128 };
        readahead.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--readahead: 0 KiB or more");
            }
        });
        return readahead;
    }

    private static Option<int> SizeOption()
    {
        var size = new Option<int>("--size") { Description = "Size of the file in MiB.", DefaultValueFactory = _ => 4096 };
        size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 256 or > 1 << 20)
            {
                result.AddError("--size: 256 MiB, which is more than the memory of all, to 1 TiB");
            }
        });
        return size;
    }
}
