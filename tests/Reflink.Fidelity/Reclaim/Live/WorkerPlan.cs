namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What a worker works on, and where the things lie in the buffer that it shares with this process.</summary>
/// <param name="Accesses">The length of the trace.</param>
/// <param name="Buffer">The path of the buffer.</param>
/// <param name="Statistics">The path of memory.stat of the group.</param>
/// <param name="Usage">The path of the file that tells what is charged to the group.</param>
/// <param name="File">The path of the file.</param>
/// <param name="FileBytes">How much of the file is mapped; 0 if no access uses the file.</param>
/// <param name="AnonymousBytes">How much anonymous memory is mapped; 0 if no access uses it.</param>
/// <param name="SwapDevice">The path of the device that is swapped to; null if nobody has to wait for it.</param>
/// <param name="Processor">The one processor that it runs on.</param>
internal sealed record WorkerPlan(int Accesses, string Buffer, string Statistics, string Usage, string File, long FileBytes, long AnonymousBytes, string? SwapDevice, int Processor)
{
    /// <summary>memory.stat is read after so many accesses, a power of two. That flushes the counters, so that runs can be repeated.</summary>
    public const int FlushInterval = 16;

    /// <summary>The processor that workers run on.</summary>
    public static int LastProcessor => Math.Min(Environment.ProcessorCount, 32) - 1;

    /// <summary>What is kept of memory.stat each time.</summary>
    public const int SampleBytes = 4096;

    /// <summary>Where the kinds of the accesses begin, one byte each; before them lie the page numbers.</summary>
    public int KindsAt => Accesses * sizeof(uint);

    /// <summary>Where the outcomes begin, one byte each.</summary>
    public int OutcomesAt => KindsAt + Accesses;

    /// <summary>Where the texts of memory.stat begin.</summary>
    public int SamplesAt => (OutcomesAt + Accesses + SampleBytes - 1) / SampleBytes * SampleBytes;

    /// <summary>How many texts there are.</summary>
    public int Samples => Accesses / FlushInterval;

    /// <summary>The size of the buffer.</summary>
    public long BufferBytes => SamplesAt + ((long)Samples * SampleBytes);
}
