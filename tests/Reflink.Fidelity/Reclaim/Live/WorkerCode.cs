using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Writes a static program for x86-64 that makes system calls, checks them, and tells its parent in messages of 16 bytes.</summary>
internal sealed class WorkerCode
{
    private const ulong Start = 0x40_0000;
    private const int HeaderBytes = 64 + 56;

    // A message lies at the stack pointer: the result of a call, and a step.
    private const int Step = 8;

    private readonly Assembler _code = new(64);
    private readonly List<(Label Label, string Text)> _texts = [];
    private readonly Label _failed;
    private int _calls;

    public WorkerCode() => _failed = _code.CreateLabel();

    /// <summary>The assembler, for everything that is no call.</summary>
    public Assembler Code => _code;

    /// <summary>Opens a file. Changes r13.</summary>
    public void Open(string path, int mode)
    {
        var label = _code.CreateLabel();
        _texts.Add((label, path));
        _code.lea(r13, __[label]);
        Call(2, r13, mode, 0);
    }

    /// <summary>Maps memory, of the file whose descriptor is in rax, if any.</summary>
    public void Map(ulong at, long bytes, int protection, int flags) => Call(9, at, bytes, protection, flags, rax, 0);

    /// <summary>Makes a system call with registers and constants as arguments; if it fails, the program tells so and ends.</summary>
    public void Call(int number, params object[] arguments)
    {
        _code.mov(__qword_ptr[rsp + Step], ++_calls);
        Try(number, arguments);
        _code.test(rax, rax);
        _code.js(_failed);
    }

    /// <summary>Makes a system call that may fail.</summary>
    public void Try(int number, params object[] arguments)
    {
        AssemblerRegister64[] registers = [rdi, rsi, rdx, r10, r8, r9];
        for (var n = 0; n < arguments.Length; n++)
        {
            if (arguments[n] is AssemblerRegister64 register)
            {
                _code.mov(registers[n], register);
            }
            else
            {
                _code.mov(registers[n], Convert.ToUInt64(arguments[n], null));
            }
        }

        _code.mov(eax, number);
        _code.syscall();
    }

    /// <summary>Writes a message.</summary>
    public void Tell(long step)
    {
        _code.mov(__qword_ptr[rsp], 0);
        _code.mov(__qword_ptr[rsp + Step], (int)step);
        _code.mov(edi, 1);
        _code.mov(rsi, rsp);
        _code.mov(edx, 16);
        _code.mov(eax, 1);
        _code.syscall();
    }

    private void End()
    {
        var exit = _code.CreateLabel();
        var failed = _failed;
        _code.jmp(exit);
        _code.Label(ref failed);
        _code.mov(__qword_ptr[rsp], rax);
        _code.mov(edi, 1);
        _code.mov(rsi, rsp);
        _code.mov(edx, 16);
        _code.mov(eax, 1);
        _code.syscall();
        _code.Label(ref exit);
        _code.xor(edi, edi);
        _code.mov(eax, 231);
        _code.syscall();
        foreach (var (label, text) in _texts)
        {
            var here = label;
            _code.Label(ref here);
            _code.db([.. Encoding.UTF8.GetBytes(text), 0]);
        }
    }

    /// <summary>The file, whose program ends here.</summary>
    public byte[] Image()
    {
        End();
        using var stream = new MemoryStream();
        stream.Write(new byte[HeaderBytes]);
        _code.Assemble(new StreamCodeWriter(stream), Start + HeaderBytes);
        var image = stream.ToArray();
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(image);
        foreach (var (at, value) in (ReadOnlySpan<(int, ushort)>)[(16, 2), (18, 62), (20, 1), (52, 64), (54, 56), (56, 1), (64, 1), (68, 5)])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), value);
        }

        var length = (ulong)image.Length;
        foreach (var (at, value) in (ReadOnlySpan<(int, ulong)>)[(24, Start + HeaderBytes), (32, 64), (80, Start), (88, Start), (96, length), (104, length), (112, 0x1000)])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(at), value);
        }

        return image;
    }
}