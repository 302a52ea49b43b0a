namespace Reflink.Ksm.Sets;

/// <summary>Where an entry belongs in a <see cref="ContentTree"/>: where a search for it ended without finding it.</summary>
/// <param name="Parent">The entry above; 0: the tree is empty.</param>
/// <param name="Right">Whether it becomes the parent's right child, whose bytes come later in order.</param>
internal readonly record struct TreePlace(int Parent, bool Right);
