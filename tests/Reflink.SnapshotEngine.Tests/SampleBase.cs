namespace Reflink.SnapshotEngine.Tests;

/// <summary>Where the sample inherits a test from.</summary>
public abstract class SampleBase<T>
{
    public void Inherited()
    {
    }
}
