using System.Buffers.Binary;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// The program of a worker process: a static ELF file of a page for x86-64, which does the system calls that it reads from its standard
/// input and writes their results to its standard output. It has no library, heap or data, so that nothing but its stack and what it is
/// told to map is anonymous memory, and no compiler is needed to make it.
/// </summary>
internal static class WorkerImage
{
    /// <summary>Where it is loaded.</summary>
    public const ulong Start = 0x400000;

    /// <summary>A call as it is read: number and six arguments, of 64 bits each.</summary>
    public const int CallBytes = 7 * sizeof(ulong);

    /// <summary>From the stack pointer up: the call, then room for a path.</summary>
    public const ulong ScratchOffset = 64;

    private const int HeaderBytes = 64 + 56;

    // The first reply is the stack pointer. A forked child (number 57, result 0) goes on with its first two arguments as input and output.
    private static readonly byte[] s_code =
    [
        0x48, 0x81, 0xEC, 0x00, 0x10, 0x00, 0x00, // sub rsp, 4096
        0x48, 0x89, 0xE0,                         // mov rax, rsp
        0xEB, 0x63,                               // jmp reply
        0x31, 0xC0,                               // next: xor eax, eax        read(0, rsp, 56)
        0x31, 0xFF,                               // xor edi, edi
        0x48, 0x89, 0xE6,                         // mov rsi, rsp
        0xBA, 0x38, 0x00, 0x00, 0x00,             // mov edx, 56
        0x0F, 0x05,                               // syscall
        0x83, 0xF8, 0x38,                         // cmp eax, 56
        0x75, 0x6A,                               // jne exit
        0x48, 0x8B, 0x04, 0x24,                   // mov rax, [rsp]
        0x48, 0x8B, 0x7C, 0x24, 0x08,             // mov rdi, [rsp+8]
        0x48, 0x8B, 0x74, 0x24, 0x10,             // mov rsi, [rsp+16]
        0x48, 0x8B, 0x54, 0x24, 0x18,             // mov rdx, [rsp+24]
        0x4C, 0x8B, 0x54, 0x24, 0x20,             // mov r10, [rsp+32]
        0x4C, 0x8B, 0x44, 0x24, 0x28,             // mov r8, [rsp+40]
        0x4C, 0x8B, 0x4C, 0x24, 0x30,             // mov r9, [rsp+48]
        0x0F, 0x05,                               // syscall
        0x48, 0x85, 0xC0,                         // test rax, rax
        0x75, 0x27,                               // jne reply
        0x83, 0x3C, 0x24, 0x39,                   // cmp dword [rsp], 57
        0x75, 0x21,                               // jne reply
        0xB8, 0x21, 0x00, 0x00, 0x00,             // mov eax, 33               dup2([rsp+8], 0)
        0x48, 0x8B, 0x7C, 0x24, 0x08,             // mov rdi, [rsp+8]
        0x31, 0xF6,                               // xor esi, esi
        0x0F, 0x05,                               // syscall
        0xB8, 0x21, 0x00, 0x00, 0x00,             // mov eax, 33               dup2([rsp+16], 1)
        0x48, 0x8B, 0x7C, 0x24, 0x10,             // mov rdi, [rsp+16]
        0xBE, 0x01, 0x00, 0x00, 0x00,             // mov esi, 1
        0x0F, 0x05,                               // syscall
        0x31, 0xC0,                               // xor eax, eax
        0x48, 0x89, 0x04, 0x24,                   // reply: mov [rsp], rax     write(1, rsp, 8)
        0xB8, 0x01, 0x00, 0x00, 0x00,             // mov eax, 1
        0xBF, 0x01, 0x00, 0x00, 0x00,             // mov edi, 1
        0x48, 0x89, 0xE6,                         // mov rsi, rsp
        0xBA, 0x08, 0x00, 0x00, 0x00,             // mov edx, 8
        0x0F, 0x05,                               // syscall
        0xEB, 0x83,                               // jmp next
        0xB8, 0xE7, 0x00, 0x00, 0x00,             // exit: mov eax, 231        exit_group(0)
        0x31, 0xFF,                               // xor edi, edi
        0x0F, 0x05,                               // syscall
    ];

    /// <summary>The name of its files in memory, in the image.</summary>
    public static ulong NameAddress => Start + HeaderBytes + (ulong)s_code.Length;

    /// <summary>The file: ELF header, one segment to load, code, a name.</summary>
    public static byte[] Make()
    {
        var image = new byte[HeaderBytes + s_code.Length + 8];
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(image);
        Put(image, 16, 2, 2);                      // e_type: executable
        Put(image, 18, 62, 2);                     // e_machine: x86-64
        Put(image, 20, 1, 4);                      // e_version
        Put(image, 24, Start + HeaderBytes, 8);    // e_entry
        Put(image, 32, 64, 8);                     // e_phoff
        Put(image, 52, 64, 2);                     // e_ehsize
        Put(image, 54, 56, 2);                     // e_phentsize
        Put(image, 56, 1, 2);                      // e_phnum
        Put(image, 64, 1, 4);                      // p_type: load
        Put(image, 68, 5, 4);                      // p_flags: read, execute
        Put(image, 80, Start, 8);                  // p_vaddr
        Put(image, 88, Start, 8);                  // p_paddr
        Put(image, 96, (ulong)image.Length, 8);    // p_filesz
        Put(image, 104, (ulong)image.Length, 8);   // p_memsz
        Put(image, 112, 0x1000, 8);                // p_align
        s_code.CopyTo(image, HeaderBytes);
        "reflink"u8.CopyTo(image.AsSpan(HeaderBytes + s_code.Length));
        return image;
    }

    private static void Put(byte[] image, int at, ulong value, int bytes)
    {
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(whole, value);
        whole[..bytes].CopyTo(image.AsSpan(at));
    }
}
