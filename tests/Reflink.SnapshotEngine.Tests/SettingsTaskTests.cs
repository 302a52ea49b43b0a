namespace Reflink.SnapshotEngine.Tests;

public sealed class SettingsTaskTests
{
    private int _runs;
    private VerifySettings? _seen;

    [Fact]
    public async Task NothingRunsUntilAwaited()
    {
        var task = Make(null).UseMethodName("M");
        Assert.Equal(0, _runs);
        await task;
        await task;
        Assert.Equal(1, _runs);
        Assert.Equal("M", _seen!.Names.MethodName);
    }

    [Fact]
    public async Task ConversionRunsItToo()
    {
        Task task = Make(null);
        await task;
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task AdjustingAfterTheRunIsRefused()
    {
        var task = Make(null);
        await task.ToTask();
        Assert.Throws<InvalidOperationException>(() => { task.UseDirectory("x"); });
    }

    [Fact]
    public async Task SharedSettingsAreNotChanged()
    {
        var shared = new VerifySettings();
        shared.DisableScrubbers();
        await Make(shared).UseTypeName("T");
        Assert.Null(shared.Names.TypeName);
        Assert.Equal(("T", false), (_seen!.Names.TypeName, _seen.Scrubs));
    }

    private SettingsTask Make(VerifySettings? settings) => new(settings, s =>
    {
        _runs++;
        _seen = s;
        return Task.FromResult(new VerifyResult(new("txt", "r", "v")));
    });
}
