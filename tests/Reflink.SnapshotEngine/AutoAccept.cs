namespace Reflink.SnapshotEngine;

/// <summary>A standing yes: what is received becomes what is verified.</summary>
internal sealed record AutoAccept
{
    public AutoAccept(bool includeBuildServer, bool throwException)
    {
        if (!includeBuildServer)
        {
            // Which machines count as build servers is Verify's long list; guessing it would differ silently.
            throw new NotSupportedException("AutoVerify(includeBuildServer: false) needs Verify itself: -p:SnapshotEngine=Verify.");
        }

        Throws = throwException;
    }

    public bool Throws { get; }
}
