namespace Reflink.Units;

/// <summary>The machine's clock for those who make it wait.</summary>
internal interface ITimeline : IClock
{
    /// <summary>Idles until then, in nanoseconds since 1970, if that is not past.</summary>
    void WaitUntil(long time);
}
