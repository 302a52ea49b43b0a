namespace Reflink.Ksm.Reporting;

/// <summary>
/// What sharing of frames tells one user about another. A frame is exposed if private pages of two users are mapped to it: the time
/// that a write takes tells each of them that the other has the same bytes. Block 0 is no secret and does not count.
/// </summary>
/// <param name="Frames">Frames that pages of two or more users are mapped to.</param>
/// <param name="Pairs">Pairs of users that share such a frame, summed over the frames.</param>
/// <param name="Pages">Mappings of such frames: pages whose write time tells something.</param>
/// <param name="SavedPages">Frames that sharing saves in all: mappings minus frames.</param>
/// <param name="SavedAcrossUsers">Frames of these that sharing between users saves: what a partition for each user would cost.</param>
public readonly record struct MergeExposure(long Frames, long Pairs, long Pages, long SavedPages, long SavedAcrossUsers);
