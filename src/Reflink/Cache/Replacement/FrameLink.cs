namespace Reflink.Cache.Replacement;

internal struct FrameLink
{
    public int Newer;
    public int Older;
}
