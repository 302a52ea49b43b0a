namespace Reflink.Studies.Experiments;

/// <summary>A page that a frame serves; of a run of frames, the first frame's.</summary>
/// <param name="Name">Whose page (<see cref="CachedFile.Name"/>).</param>
/// <param name="Page">The page: byte offset divided by 4,096.</param>
public sealed record FrameOwner(string Name, long Page);
