namespace Reflink.Tests.Exercising;

/// <summary>One mapped page of a process as the oracle sees it. No file: private anonymous memory.</summary>
internal sealed class FlatPage(FlatFile? file, int index, bool shared, Protection protection)
{
    private static readonly byte[] s_zeroes = new byte[Page.Size];

    public FlatFile? File { get; } = file;

    public int Index { get; } = index;

    public bool Shared { get; } = shared;

    public Protection Protection { get; set; } = protection;

    public FlatLevels? Level { get; set; }

    /// <summary>Within what it may be merged: a partition's name, empty for the machine's own; null: not at all.</summary>
    public string? Partition { get; set; }

    /// <summary>The process's own copy, if it wrote to a private page.</summary>
    public byte[]? Own { get; set; }

    /// <summary>Whether the process gave the bytes up (MADV_FREE) and has not written since: they may be lost at any moment, and are zeroes from then on.</summary>
    public bool IsGivenUp { get; private set; }

    public FlatFile? Base => Level?.Copy ?? File;

    public bool IsBehindTheEnd => Own is null && Base is { } file && Index >= file.PageCount;

    /// <summary>Bytes of the page that belong to the file; what lies behind is written only where memory cannot run out.</summary>
    public int BytesInFile => Base is { } file ? Math.Clamp(file.Size - (Index * Page.Size), 0, Page.Size) : Page.Size;

    public ReadOnlySpan<byte> Shown => Own is not null ? Own : Beneath;

    public ReadOnlySpan<byte> Beneath => Base is { } file && Index < FlatFile.MostPages ? file.PageAt(Index) : s_zeroes;

    public FlatPage Fork() => new(File, Index, Shared, Protection) { Level = Level, Partition = Partition, Own = Own is null ? null : [.. Own], IsGivenUp = IsGivenUp };

    public Span<byte> Written()
    {
        IsGivenUp = false;
        return Shared ? File!.PageAt(Index) : Own ??= Shown.ToArray();
    }

    public void GiveUp() => IsGivenUp = File is null && Own is not null;

    /// <summary>The machine shows these bytes: if they are zeroes, those that were given up are lost.</summary>
    public void Saw(ReadOnlySpan<byte> bytes)
    {
        if (IsGivenUp && !bytes.ContainsAnyExcept((byte)0))
        {
            (Own, IsGivenUp) = (new byte[Page.Size], false);
        }
    }
}
