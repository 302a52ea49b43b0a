namespace Reflink.Space;

/// <summary>A live derived block with its recipe and the sharing domain that it is unique in.</summary>
internal readonly record struct DerivedBlock(BlockNumber Block, int Domain, Recipe Recipe);
