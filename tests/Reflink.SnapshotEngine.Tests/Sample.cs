namespace Reflink.SnapshotEngine.Tests;

/// <summary>Methods that stand for tests; nobody runs them.</summary>
public sealed class Sample : SampleBase<int>
{
    public void Case()
    {
    }

    public void Rows(object a, object b) => _ = (a, b);

    public sealed class Inner
    {
        public void Case()
        {
        }

        public sealed class Deep
        {
            public void Case()
            {
            }
        }
    }
}
