using Reflink.Fidelity.Ksm;
using Reflink.Units;

namespace Reflink.Tests.Ksm;

/// <summary>
/// The model beside what Linux 6.18.44 did, step by step: small scripts of which all numbers are known, and random ones recorded by
/// <c>dotnet run --project tests/Reflink.Fidelity -- ksm --record</c>. With REFLINK_LIVE_KSM=1 the small ones run on this kernel too.
/// </summary>
public sealed class KernelTests
{
    private static readonly Dictionary<int, KsmRecording> s_recordings = Load();

    public static TheoryData<string> Vectors => [.. KsmVector.All().Select(v => v.Name)];

    public static TheoryData<int> Seeds => [.. s_recordings.Keys];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_model_does_as_is_known(string name)
    {
        using var model = new ModelKsm();
        Assert.Empty(Find(name).Check(model));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_model_does_as_the_kernel_did(int seed)
    {
        using var model = new ModelKsm();
        var difference = s_recordings[seed].Difference(model);
        Assert.True(difference is null, difference);
    }

    [SkippableFact]
    public void The_kernel_does_as_is_known()
    {
        Skip.If(Environment.GetEnvironmentVariable("REFLINK_LIVE_KSM") != "1", "changes /sys/kernel/mm/ksm (and restores it) only where REFLINK_LIVE_KSM=1");
        using var host = KsmHost.TryMake(out var why);
        Skip.If(host is null, why);
        Assert.All(KsmVector.All(), vector =>
        {
            using var kernel = host!.Begin();
            Assert.Empty(vector.Check(kernel));
        });
    }

    [Fact]
    public void A_vector_tells_what_is_otherwise()
    {
        using var model = new Deaf(new ModelKsm(), KsmVerb.Scan);
        Assert.NotEmpty(Find("W2: fork, then a pass").Check(model));
    }

    [Fact]
    public void A_recording_tells_what_is_otherwise()
    {
        using var model = new Deaf(new ModelKsm(), KsmVerb.MergeAny);
        Assert.NotNull(s_recordings.Values.First(r => r.Script.Any(s => s.EndsWith("MergeAny 1", StringComparison.Ordinal))).Difference(model));
    }

    [Fact]
    public void Steps_are_read_as_they_are_written() =>
        Assert.All(Enumerable.Range(1, 50).SelectMany(KsmScript.Make), op => Assert.Equal(op, KsmOp.Parse(op.ToString())));

    private static KsmVector Find(string name) => KsmVector.All().Single(v => v.Name == name);

    private static Dictionary<int, KsmRecording> Load()
    {
        using var file = typeof(KernelTests).Assembly.GetManifestResourceStream("kernel.jsonl.br")!;
        return KsmRecording.Load(file).ToDictionary(r => r.Seed);
    }

    // A broken model: it does not do what it is told.
    private sealed class Deaf(IKsmSystem model, KsmVerb verb) : IKsmSystem
    {
        public Errno? Apply(KsmOp op) => op.Verb == verb ? null : model.Apply(op);

        public KsmState Observe(Errno? error) => model.Observe(error);

        public void Dispose() => model.Dispose();
    }
}
