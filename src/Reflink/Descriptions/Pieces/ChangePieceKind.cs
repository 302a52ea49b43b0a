namespace Reflink.Descriptions.Pieces;

/// <summary>Where the bytes of a piece of a description come from.</summary>
public enum ChangePieceKind
{
    /// <summary>They are bytes of a base.</summary>
    Copy,

    /// <summary>They are given one by one.</summary>
    Data,

    /// <summary>They are one byte, over and over.</summary>
    Fill,

    /// <summary>They are whole pages of zeroes, which take no space.</summary>
    Hole,
}
