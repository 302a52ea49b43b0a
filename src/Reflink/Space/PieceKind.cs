namespace Reflink.Space;

/// <summary>What a piece of a recipe says about its bytes.</summary>
internal enum PieceKind
{
    /// <summary>They are those of another block.</summary>
    Copy,

    /// <summary>They are given literally.</summary>
    Data,

    /// <summary>They are zero.</summary>
    Zero,
}
