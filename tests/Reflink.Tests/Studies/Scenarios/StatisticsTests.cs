using Parquet;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Tests.Studies.Scenarios;

/// <summary>What several seeds say together, and in which forms results are written.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reflink-statistics-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(2.0, 3.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    [InlineData(7.0, 7.0, 7.0, 7.0)]
    [InlineData(5.0, 5.0)]
    public void The_median_is_the_middle(double median, params double[] values) => Assert.Equal((median, values.Length), Spread.Of(values) is var s ? (s.Median, s.Count) : default);

    /// <summary>Of 400 samples whose true median is 0, about 95 of 100 intervals must hold it; and of a true median of 2 deviations nearly none.</summary>
    [Fact]
    public void Intervals_hold_the_true_median_as_often_as_they_say()
    {
        var random = new Random(3);
        var (held, mistaken) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var values = Enumerable.Range(0, 25).Select(_ => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5).ToList();
            held += Spread.Of(values).MayBeZero ? 1 : 0;
            mistaken += Spread.Of([.. values.Select(v => v + 1)]).MayBeZero ? 1 : 0;
        }

        Assert.InRange(held, 360, 398);
        Assert.Equal(0, mistaken);
    }

    [Fact]
    public void Differences_are_paired_by_seed_and_noise_is_called_so()
    {
        var table = Run("""
            study: t
            seeds: 9
            parameters: {way: [a, b, c], size: [1, 2]}
            steps:
              - let: {noise: random(1000)}
              - when: way == 'b'
                do: [let: {more: 5}]
                else: [let: {more: 0}]
              - when: way == 'c'
                do: [let: {noise: random(1000)}]
              - record: {took: noise + more + 10 * size}
            """);
        var rows = Statistics.Differences(table).Rows.Select(row => (Parameter: row[0], To: row[2], Median: (double)row[6]!, Verdict: row[9])).ToList();

        Assert.Equal(2 + 2 + 3, rows.Count);
        Assert.All(rows.Where(r => r.To is "b"), r => Assert.Equal((5.0, "more"), (r.Median, r.Verdict)));
        Assert.All(rows.Where(r => r.To is "c"), r => Assert.Equal("no difference beyond the noise", r.Verdict));
        Assert.All(rows.Where(r => r.Parameter is "size"), r => Assert.Equal((10.0, "more"), (r.Median, r.Verdict)));
    }

    [Fact]
    public void Few_seeds_say_nothing_of_differences_and_a_summary_all_the_same()
    {
        var table = Run("study: t\nseeds: 2\nparameters: {n: [1, 2]}\nsteps: [record: {x: n}]");

        Assert.Empty(Statistics.Differences(table).Rows);
        Assert.Equal((1.0, 5.0), Spread.Of([3, 1, 5, 2, 4]) is var five ? (five.Low, five.High) : default);
        Assert.Equal(["1 x 2 1 1 1 1 1", "2 x 2 2 2 2 2 2"], Statistics.Summary(table).Rows.Select(row => string.Join(' ', row)));
        Assert.Equal(["1 2 1", "2 2 2"], Statistics.Medians(table).Rows.Select(row => string.Join(' ', row)));
    }

    [Fact]
    public async Task Parquet_has_the_same_values_with_their_types()
    {
        var table = Run("study: t\nparameters: {n: [1, 2, 3], size: [64K], on: [true]}\nsteps: [record: {whole: n * 5, half: n / 2, odd: n % 2 == 1, word: \"if(n > 1, 'many', 'one')\"}]");
        await using var reader = await ParquetReader.CreateAsync(Path.Combine(_root, "results.parquet"));
        var fields = reader.Schema.GetDataFields();

        Assert.Equal(["n Int64", "size Int64", "on Boolean", "seed Int64", "whole Int64", "half Double", "odd Boolean", "word ReadOnlyMemory`1", "failure ReadOnlyMemory`1"], fields.Select(f => $"{f.Name} {f.ClrType.Name}"));
        Assert.Equal(3, reader.Metadata!.NumRows);
        Assert.Equal([.. table.Columns, "failure"], fields.Select(f => f.Name));
        Assert.Equal("{\"n\":1,\"size\":65536,\"on\":true,\"seed\":1,", File.ReadAllText(Path.Combine(_root, "results.jsonl"))[..39]);
        Assert.All(File.ReadLines(Path.Combine(_root, "summary.csv")).Skip(1), line => Assert.Contains(",65536,true,", line, StringComparison.Ordinal));
        Assert.Equal("n,size,on,seed,whole,half,odd,word,failure\n1,65536,true,1,5,0.5,true,one,\n2,65536,true,1,10,1,false,many,\n3,65536,true,1,15,1.5,true,many,\n", File.ReadAllText(Path.Combine(_root, "results.csv")));
    }

    private ResultTable Run(string text)
    {
        var scenario = Scenario.Parse(text, "t.yaml");
        using var folder = StudyFolder.Open(_root, scenario);
        return Sweep.Run(scenario, folder, 2).Table;
    }
}
