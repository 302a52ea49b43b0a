namespace Reflink.Benchmarks.Merging;

/// <summary>
/// A process with a range of memory that the kernel may merge (MADV_MERGEABLE), in pages of 4 KiB (MADV_NOHUGEPAGE). It is told
/// layout and length, answers when the range is filled and advised, and ends with its standard input.
/// </summary>
internal static unsafe class MergeWorker
{
    /// <summary>The argument that makes this program a worker.</summary>
    public const string Argument = "merge-worker";

    /// <summary>Works until the input ends; returns the exit code.</summary>
    public static int Run()
    {
        using var input = new BinaryReader(Console.OpenStandardInput());
        using var output = new BinaryWriter(Console.OpenStandardOutput());
        try
        {
            Fill((PageLayout)input.ReadInt32(), input.ReadInt32());
            output.Write(true);
            _ = input.ReadByte();
            return 0;
        }
        catch (EndOfStreamException)
        {
            return 0;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    // A range of no pages is one page that is never touched: something to visit and nothing in it.
    private static void Fill(PageLayout layout, int pages)
    {
        var length = (nint)Math.Max(1, pages) << Page.Shift;
        var start = Native.MapAnonymous(0, length, Native.ReadWrite, Native.Private | Native.Anonymous, -1, 0);
        Native.Check(start != -1, "mmap");
        Native.Check(Native.Advise(start, length, Native.NoHugePage) == 0, "madvise");
        for (var page = 0; page < pages; page++)
        {
            PageContents.Fill(new Span<byte>((void*)(start + ((nint)page << Page.Shift)), Page.Size), PageContents.Of(layout, page, pages));
        }

        Native.Check(Native.Advise(start, length, Native.Mergeable) == 0, "madvise");
    }
}
