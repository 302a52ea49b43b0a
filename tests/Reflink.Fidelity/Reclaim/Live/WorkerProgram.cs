using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>
/// The program of a worker: a static ELF file for x86-64 without library or heap, so that only the trace's own pages are charged to its
/// group. It maps everything, makes all page tables, writes 16 bytes (result and step), waits for a byte, plays the trace, and writes 16
/// bytes again. If a system call fails it writes the negative error and which call it was, and exits.
/// </summary>
internal sealed class WorkerProgram
{
    /// <summary>The step of the first message of a program that is well.</summary>
    public const long Ready = 1000;

    /// <summary>The step of the last message of a program that is well.</summary>
    public const long Done = 1001;

    private const ulong Start = 0x40_0000;
    private const int HeaderBytes = 64 + 56;
    private const ulong FileAt = 0x10_0000_0000;
    private const ulong AnonymousAt = 0x20_0000_0000;
    private const ulong BufferAt = 0x30_0000_0000;
    private const ulong FlushAt = 0x40_0000_0000;
    private const int TableBytes = 2 << 20;

    // Linux flushes page by page up to 33 pages, and everything above that (tlb_single_page_flush_ceiling).
    private const int FlushPages = 64;

    // Offsets from the stack pointer: two words of a message, descriptors, arguments of cachestat, an answer, the usage, room for a page.
    private const int Step = 8;
    private const int FileSlot = 16;
    private const int PagemapSlot = 24;
    private const int StatSlot = 32;
    private const int UsageSlot = 40;
    private const int RangeSlot = 64;
    private const int AnswerSlot = 80;
    private const int LastUsageSlot = 128;
    private const int RoomSlot = 4096;
    private const int StackBytes = 3 * 4096;

    private readonly WorkerPlan _plan;
    private readonly Assembler _code = new(64);
    private readonly List<(Label Label, string Text)> _texts = [];
    private readonly Label _failed;
    private int _calls;

    private WorkerProgram(WorkerPlan plan)
    {
        _plan = plan;
        _failed = _code.CreateLabel();
    }

    /// <summary>Makes the file.</summary>
    public static byte[] Make(WorkerPlan plan)
    {
        var program = new WorkerProgram(plan);
        program.Prepare();
        program.Tell(Ready);
        program.Call(0, 0, rsp, 1);
        program.Play();
        program.Tell(Done);
        program.Call(0, 0, rsp, 1);
        program.End();
        return program.Image();
    }

    private void Prepare()
    {
        _code.sub(rsp, StackBytes);
        for (var at = 0; at < StackBytes; at += Page.Size)
        {
            _code.mov(__qword_ptr[rsp + at], 0);
        }

        _code.mov(rax, 1UL << _plan.Processor);
        _code.mov(__qword_ptr[rsp + RangeSlot], rax);
        _code.lea(r13, __[rsp + RangeSlot]);
        Call(203, 0, 8, r13);                                                // sched_setaffinity
        Open(_plan.Buffer, 2);
        Map(BufferAt, _plan.BufferBytes, 3, 0x10_8001);                      // shared, populated
        if (_plan.FileBytes > 0)
        {
            Open(_plan.File, 2);
            _code.mov(__qword_ptr[rsp + FileSlot], rax);
            Map(FileAt, Whole(_plan.FileBytes), 3, 0x10_0001);                      // shared
            MakeTables(FileAt, _plan.FileBytes, stores: false);
            _code.mov(rax, __qword_ptr[rsp + FileSlot]);
            Call(221, rax, 0, 0, 4);                                         // fadvise64, not needed
        }

        if (_plan.AnonymousBytes > 0)
        {
            Map(AnonymousAt, Whole(_plan.AnonymousBytes), 3, 0x10_4022);            // private, anonymous, not reserved
            Call(28, AnonymousAt, _plan.AnonymousBytes, 15);                 // madvise, no huge pages
            MakeTables(AnonymousAt, _plan.AnonymousBytes, stores: true);
            Open("/proc/self/pagemap", 0);
            _code.mov(__qword_ptr[rsp + PagemapSlot], rax);
        }

        Map(FlushAt, FlushPages * Page.Size, 3, 0x10_0022);                  // private, anonymous
        _code.mov(rax, FlushAt);
        _code.mov(__byte_ptr[rax], 1);
        _code.mov(__byte_ptr[rax + ((FlushPages - 1) * Page.Size)], 1);
        Open(_plan.Statistics, 0);
        _code.mov(__qword_ptr[rsp + StatSlot], rax);
        _code.lea(r13, __[rsp + RoomSlot]);
        Call(17, rax, r13, WorkerPlan.SampleBytes, 0);                       // pread64: the kernel allocates its buffer now
        Open(_plan.Usage, 0);
        _code.mov(__qword_ptr[rsp + UsageSlot], rax);
        _code.lea(r13, __[rsp + AnswerSlot]);
        Call(17, rax, r13, 32, 0);
    }

    private static long Whole(long bytes) => (bytes + TableBytes - 1) / TableBytes * TableBytes;

    // A page in each table is used and given back, with those that the fault mapped around it. The range given back is smaller than what a
    // table covers, because otherwise the kernel would free the table. So tables are charged to the group that this process comes from.
    private void MakeTables(ulong start, long bytes, bool stores)
    {
        var next = _code.CreateLabel();
        _code.mov(rbx, start);
        _code.Label(ref next);
        if (stores)
        {
            _code.mov(__byte_ptr[rbx], 1);
        }
        else
        {
            _code.mov(al, __byte_ptr[rbx]);
        }

        Call(28, rbx, TableBytes - Page.Size, 4);                            // madvise, not needed
        _code.add(rbx, TableBytes);
        _code.mov(rax, start + (ulong)bytes);
        _code.cmp(rbx, rax);
        _code.jb(next);
    }

    // rbx: the number of the access; rbp: its page's offset; r12: the buffer; r15: room for the next text; r14: the kind.
    private void Play()
    {
        var (next, anonymous, used, same, over) = (_code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel());
        _code.mov(r12, BufferAt);
        _code.lea(r15, __[r12 + _plan.SamplesAt]);
        _code.xor(ebx, ebx);
        _code.Label(ref next);
        _code.cmp(rbx, _plan.Accesses);
        _code.je(over);
        _code.mov(ebp, __dword_ptr[r12 + (rbx * 4)]);
        _code.shl(rbp, Page.Shift);
        _code.movzx(r14d, __byte_ptr[r12 + rbx + _plan.KindsAt]);
        _code.cmp(r14d, (int)TouchKind.AnonymousLoad);
        _code.jae(anonymous);
        UseFile(used);
        _code.Label(ref anonymous);
        UseAnonymous();
        _code.Label(ref used);
        FlushAfterReclaim(same);
        _code.Label(ref same);
        _code.inc(rbx);
        _code.test(ebx, WorkerPlan.FlushInterval - 1);
        _code.jne(next);
        _code.mov(rax, __qword_ptr[rsp + StatSlot]);
        Call(17, rax, r15, WorkerPlan.SampleBytes, 0);
        _code.add(r15, WorkerPlan.SampleBytes);
        _code.jmp(next);
        _code.Label(ref over);
    }

    // The processor sets an accessed bit when it reads an entry of a page table, not while it has the translation already, and reclaim
    // clears bits without a flush of translations (arch/x86, ptep_clear_flush_young). So a use would be seen or not as other tasks happen to
    // push translations out. A flush after each reclaim, which is when the group's usage has fallen, makes every use seen.
    private void FlushAfterReclaim(Label same)
    {
        var (digit, whole) = (_code.CreateLabel(), _code.CreateLabel());
        _code.cmp(__byte_ptr[r12 + rbx + _plan.OutcomesAt], (int)Outcome.Present);
        _code.je(same);
        _code.lea(r13, __[rsp + AnswerSlot]);
        _code.mov(rax, __qword_ptr[rsp + UsageSlot]);
        Call(17, rax, r13, 32, 0);                                           // pread64: a decimal number and a newline
        _code.xor(ecx, ecx);
        _code.Label(ref digit);
        _code.movzx(edx, __byte_ptr[r13]);
        _code.sub(edx, '0');
        _code.cmp(edx, 9);
        _code.ja(whole);
        _code.imul(rcx, rcx, 10);
        _code.add(rcx, rdx);
        _code.inc(r13);
        _code.jmp(digit);
        _code.Label(ref whole);
        _code.mov(rax, __qword_ptr[rsp + LastUsageSlot]);
        _code.mov(__qword_ptr[rsp + LastUsageSlot], rcx);
        _code.cmp(rcx, rax);
        _code.jae(same);
        FlushTranslations();
    }

    // All of this process' translations go when two entries, far apart, lose the right to be written.
    private void FlushTranslations()
    {
        foreach (var protection in (ReadOnlySpan<int>)[1, 3])
        {
            Call(10, FlushAt, FlushPages * Page.Size, protection);           // mprotect
        }
    }

    // cachestat answers with pages cached, dirty, in writeback, evicted, and recently evicted: so recently that they are activated.
    private void UseFile(Label used)
    {
        var (known, loads, stores, writes) = (_code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel());
        _code.mov(__qword_ptr[rsp + RangeSlot], rbp);
        _code.mov(__qword_ptr[rsp + RangeSlot + 8], Page.Size);
        _code.lea(r13, __[rsp + RangeSlot]);
        _code.lea(rcx, __[rsp + AnswerSlot]);
        _code.mov(rax, __qword_ptr[rsp + FileSlot]);
        Call(451, rax, r13, rcx, 0);
        foreach (var (outcome, answer) in (ReadOnlySpan<(Outcome, int)>)[(Outcome.Present, 0), (Outcome.GoneLately, 4), (Outcome.Gone, 3)])
        {
            _code.mov(edx, (int)outcome);
            _code.cmp(__qword_ptr[rsp + AnswerSlot + (answer * 8)], 0);
            _code.jne(known);
        }

        _code.mov(edx, (int)Outcome.New);
        _code.Label(ref known);
        _code.mov(__byte_ptr[r12 + rbx + _plan.OutcomesAt], dl);
        _code.lea(r13, __[rsp + RoomSlot]);
        _code.mov(rax, __qword_ptr[rsp + FileSlot]);
        foreach (var (kind, label) in (ReadOnlySpan<(TouchKind, Label)>)[(TouchKind.Write, writes), (TouchKind.Load, loads), (TouchKind.Store, stores)])
        {
            _code.cmp(r14d, (int)kind);
            _code.je(label);
        }

        Call(17, rax, r13, Page.Size, rbp);                                  // pread64
        _code.jmp(used);
        _code.Label(ref writes);
        Call(18, rax, r13, Page.Size, rbp);                                  // pwrite64
        _code.jmp(used);
        LoadOrStore(FileAt, loads, stores, used);
    }

    // pagemap has bit 63 for a page that is mapped, bit 62 for one in swap; mincore tells which of these are in memory still.
    private void UseAnonymous()
    {
        var (known, stores, used) = (_code.CreateLabel(), _code.CreateLabel(), _code.CreateLabel());
        _code.lea(r13, __[rsp + AnswerSlot]);
        _code.mov(rcx, AnonymousAt);
        _code.add(rcx, rbp);
        _code.shr(rcx, Page.Shift - 3);
        _code.mov(rax, __qword_ptr[rsp + PagemapSlot]);
        Call(17, rax, r13, 8, rcx);
        _code.mov(edx, (int)Outcome.Present);
        _code.bt(__qword_ptr[rsp + AnswerSlot], 63);
        _code.jb(known);
        _code.mov(edx, (int)Outcome.New);
        _code.bt(__qword_ptr[rsp + AnswerSlot], 62);
        _code.jae(known);
        _code.mov(rcx, AnonymousAt);
        _code.add(rcx, rbp);
        Call(27, rcx, Page.Size, r13);                                       // mincore
        _code.movzx(edx, __byte_ptr[rsp + AnswerSlot]);
        _code.and(edx, 1);
        _code.add(edx, (int)Outcome.Gone);
        _code.Label(ref known);
        _code.mov(__byte_ptr[r12 + rbx + _plan.OutcomesAt], dl);
        _code.cmp(r14d, (int)TouchKind.AnonymousStore);
        _code.je(stores);
        var loads = _code.CreateLabel();
        LoadOrStore(AnonymousAt, loads, stores, used);
        _code.Label(ref used);
        _code.nop();
    }

    private void LoadOrStore(ulong start, Label loads, Label stores, Label used)
    {
        _code.Label(ref loads);
        _code.mov(rcx, start);
        _code.mov(rax, __qword_ptr[rcx + rbp]);
        _code.jmp(used);
        _code.Label(ref stores);
        _code.mov(rcx, start);
        _code.mov(__qword_ptr[rcx + rbp], rbx);
        _code.jmp(used);
    }

    private void Open(string path, int mode)
    {
        var label = _code.CreateLabel();
        _texts.Add((label, path));
        _code.lea(r13, __[label]);
        Call(2, r13, mode, 0);
    }

    // The descriptor, if any, is in rax.
    private void Map(ulong at, long bytes, int protection, int flags) => Call(9, at, bytes, protection, flags, rax, 0);

    private void Call(int number, params object[] arguments)
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

        _code.mov(__qword_ptr[rsp + Step], ++_calls);
        _code.mov(eax, number);
        _code.syscall();
        _code.test(rax, rax);
        _code.js(_failed);
    }

    private void Tell(long step)
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

    private byte[] Image()
    {
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
