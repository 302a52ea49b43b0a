
namespace Reflink.Ksm.Reporting;

/// <summary>
/// What sharing of frames tells one user about another (ksm.md §3). A frame is exposed if private pages of two users are mapped
/// to it: the time that a write takes tells either that the other has the same bytes. Block 0 is known to all and counts for nothing.
/// </summary>
/// <param name="Frames">Frames that pages of two or more users are mapped to.</param>
/// <param name="Pairs">Pairs of users that share such a frame, summed over the frames.</param>
/// <param name="Pages">Mappings of such frames: places where a write tells something.</param>
/// <param name="SavedPages">Frames that sharing saves in all: mappings less frames.</param>
/// <param name="SavedAcrossUsers">Of these, those that sharing between users saves: what partitions by user would cost.</param>
public readonly record struct MergeExposure(long Frames, long Pairs, long Pages, long SavedPages, long SavedAcrossUsers);
