using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Reflink.Studies.Live;

/// <summary>
/// This program as one of the processes of a live comparison: it does what its standard input says and ends when that ends, so that none is left
/// behind however its parent ends, and what was to be restored is.
/// </summary>
public static unsafe class LiveWorker
{
    /// <summary>The argument that makes this program a worker.</summary>
    public const string Argument = "live-worker";

    /// <summary>Works until the input ends; returns the exit code.</summary>
    public static int Run()
    {
        // A Ctrl-C on the terminal is for the parent; this process ends when the parent has.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var input = new BinaryReader(new BufferedStream(Console.OpenStandardInput()));
        using var output = new BinaryWriter(Console.OpenStandardOutput());
        var atEnd = new Stack<Action>();
        try
        {
            var work = new Work(input, output, atEnd);
            while (true)
            {
                work.Do((LiveCall)input.ReadByte());
                output.Flush();
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
        finally
        {
            while (atEnd.TryPop(out var undo))
            {
                undo();
            }
        }
    }

    private sealed class Work(BinaryReader input, BinaryWriter output, Stack<Action> atEnd)
    {
        private long _nanoseconds;
        private long _faults;

        public void Do(LiveCall call)
        {
            switch (call)
            {
                case LiveCall.Map:
                    Map();
                    break;
                case LiveCall.Protect:
                    var (from, size, writable) = (input.ReadInt64(), input.ReadInt64(), input.ReadBoolean());
                    Answer(() => LiveCalls.Protect(from, size, writable));
                    break;
                case LiveCall.Store:
                    var stores = new (long Address, byte[] Bytes)[input.ReadInt32()];
                    foreach (ref var store in stores.AsSpan())
                    {
                        store = (input.ReadInt64(), input.ReadBytes(input.ReadInt32()));
                    }

                    Answer(() => Store(stores));
                    break;
                case LiveCall.Touch:
                    var (start, bytes) = (input.ReadInt64(), input.ReadInt64());
                    Answer(() => Touch(start, bytes));
                    break;
                case LiveCall.Merge:
                    var (first, count) = (input.ReadInt64(), input.ReadInt64());
                    Answer(() => LiveCalls.Merge(first, count));
                    break;
                case LiveCall.Digest:
                    output.Write(unchecked((long)XxHash3.HashToUInt64(new ReadOnlySpan<byte>((void*)input.ReadInt64(), checked((int)input.ReadInt64())))));
                    break;
                case LiveCall.Spent:
                    output.Write(_nanoseconds);
                    output.Write(_faults);
                    (_nanoseconds, _faults) = (0, 0);
                    break;
                case LiveCall.Restore:
                    var (path, text) = (input.ReadString(), input.ReadString());
                    atEnd.Push(() => File.WriteAllText(path, text));
                    output.Write(0L);
                    break;
                default:
                    var folder = input.ReadString();
                    atEnd.Push(() => Delete(folder));
                    output.Write(0L);
                    break;
            }
        }

        private void Map()
        {
            using var file = File.OpenHandle(input.ReadString());
            var (offset, length, isWritable, address) = (input.ReadInt64(), input.ReadInt64(), input.ReadBoolean(), input.ReadInt64());
            Answer(() => LiveCalls.Map(file, offset, length, isWritable, address));
        }

        private static void Store((long Address, byte[] Bytes)[] stores)
        {
            foreach (var (address, bytes) in stores)
            {
                bytes.CopyTo(new Span<byte>((void*)address, bytes.Length));
            }
        }

        private static void Delete(string folder)
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        private static void Touch(long address, long length)
        {
            for (var at = address; at < address + length; at += Page.Size)
            {
                _ = Volatile.Read(ref *(byte*)at);
            }
        }

        private void Answer(Action work) => Answer(() =>
        {
            work();
            return 0;
        });

        private void Answer(Func<long> work)
        {
            var (before, faults) = LiveCalls.Spent();
            var answer = work();
            var (after, more) = LiveCalls.Spent();
            (_nanoseconds, _faults) = (_nanoseconds + after - before, _faults + more - faults);
            output.Write(answer);
        }
    }
}
