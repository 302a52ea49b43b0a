using Reflink.Elf;

namespace Reflink.Cli.Tests;

/// <summary>Binaries that cannot be used: exit code 1, the file named, and what to do.</summary>
public sealed class BadBinaryTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Not_an_elf_file() => Refused(_scratch.Write("text", "no program at all, but long enough for a header of 64 bytes, surely"), "is not an ELF file");

    [Fact]
    public void A_32_bit_file()
    {
        var bytes = File.ReadAllBytes(DefaultBinary.Find());
        bytes[4] = 1;
        Refused(_scratch.Write("small", bytes), "is not a 64-bit ELF file");
    }

    [Fact]
    public void A_truncated_file()
    {
        var bytes = File.ReadAllBytes(DefaultBinary.Find());
        Refused(_scratch.Write("half", bytes[..(bytes.Length / 2)]), "is truncated");
    }

    [Fact]
    public void A_file_that_is_not_there() => Refused(_scratch.Path("gone"), "does not exist");

    [Fact]
    public void A_directory() => Refused(_scratch.Path("."), "is a directory");

    [Fact]
    public void More_memory_than_there_is() => Cli.Run("compare", "--processes", "10000000").Refused(
        1, "ENOMEM", "'flags' with 10000000 processes needs", "take fewer processes");

    private static void Refused(string path, string what) =>
        Cli.Run("compare", "--binary", path).Refused(1, $"'{path}'", what, "; ");
}
