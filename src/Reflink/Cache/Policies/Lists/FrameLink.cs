namespace Reflink.Cache.Policies.Lists;

internal struct FrameLink
{
    public int Newer;
    public int Older;
}
