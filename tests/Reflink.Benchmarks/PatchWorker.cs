using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Benchmarks;

/// <summary>
/// A process that patches its own private mapping of a binary as tracers do without text_poke(): mprotect, stores, mprotect. It does
/// what it is told through its standard input, and ends when that ends, so that none is left behind however its parent ends.
/// </summary>
internal sealed unsafe class PatchWorker
{
    /// <summary>The argument that makes this program a worker.</summary>
    public const string Argument = "patch-worker";

    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private readonly nint _length;
    private readonly (int[] Places, byte[] Old, byte[] New)[] _sets;
    private byte* _text;

    // The binary's path, the range of its text, then the sets: places in the text, old and new bytes.
    private PatchWorker(BinaryReader from)
    {
        _file = File.OpenHandle(from.ReadString());
        (_offset, _length) = (from.ReadInt64(), (nint)from.ReadInt64());
        _sets = new (int[], byte[], byte[])[from.ReadInt32()];
        for (var s = 0; s < _sets.Length; s++)
        {
            var places = new int[from.ReadInt32()];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = from.ReadInt32();
            }

            _sets[s] = (places, from.ReadBytes(places.Length), from.ReadBytes(places.Length));
        }
    }

    /// <summary>Works until the input ends; returns the exit code.</summary>
    public static int Run()
    {
        using var input = new BinaryReader(new BufferedStream(Console.OpenStandardInput()));
        using var output = new BinaryWriter(Console.OpenStandardOutput());
        try
        {
            var worker = new PatchWorker(input);
            while (true)
            {
                output.Write(worker.Do((PatchWork)input.ReadByte(), input.ReadInt32()));
            }
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

    private long Do(PatchWork work, int set) => work switch
    {
        PatchWork.Map => Map(),
        PatchWork.Patch => Write(_sets[set].Places, _sets[set].New),
        PatchWork.Revert => Write(_sets[set].Places, _sets[set].Old),
        PatchWork.CountNotNew => CountOther(_sets[set].Places, _sets[set].New),
        PatchWork.CountNotOld => CountOther(_sets[set].Places, _sets[set].Old),
        PatchWork.Unmap => Unmap(),
        _ => throw new InvalidDataException($"{work} is no work"),
    };

    private long Map()
    {
        var start = Native.Map(0, _length, Native.ReadExecute, Native.Private, _file, (nint)_offset);
        Native.Check(start != -1, "mmap");
        _text = (byte*)start;
        for (nint at = 0; at < _length; at += Page.Size)
        {
            _ = Volatile.Read(ref _text[at]);
        }

        return 0;
    }

    private long Unmap()
    {
        Native.Check(Native.Unmap((nint)_text, _length) == 0, "munmap");
        return 0;
    }

    private long Write(int[] places, byte[] bytes)
    {
        var startedAt = Stopwatch.GetTimestamp();
        Native.Check(Native.Protect((nint)_text, _length, Native.ReadWrite) == 0, "mprotect");
        Store(_text, places, bytes);
        Native.Check(Native.Protect((nint)_text, _length, Native.ReadExecute) == 0, "mprotect");
        return (long)Stopwatch.GetElapsedTime(startedAt).TotalNanoseconds;
    }

    // Compiled well from the first call on: a worker does this seldom.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(byte* text, int[] places, byte[] bytes)
    {
        for (var i = 0; i < places.Length; i++)
        {
            Volatile.Write(ref text[places[i]], bytes[i]);
        }
    }

    private long CountOther(int[] places, byte[] bytes)
    {
        var others = 0L;
        for (var i = 0; i < places.Length; i++)
        {
            others += _text[places[i]] == bytes[i] ? 0 : 1;
        }

        return others;
    }
}
