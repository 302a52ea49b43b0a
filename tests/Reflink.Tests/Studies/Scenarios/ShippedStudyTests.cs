using System.Runtime.CompilerServices;
using System.Text.Json;
using Json.Schema;
using Reflink.Studies.Scenarios;
using YamlDotNet.Serialization;

namespace Reflink.Tests.Studies.Scenarios;

/// <summary>The studies that come with the program, and the schema that their authors' editors check them with.</summary>
public sealed class ShippedStudyTests
{
    private static readonly JsonSchema s_schema = JsonSchema.FromText(ScenarioSchema.Text());

    public static TheoryData<string> Names => [.. ShippedStudies.Names];

    public static TheoryData<string> OfMadeFiles => [.. ShippedStudies.Names.Where(name => name != "lsfmm")];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_study_keeps_to_the_schema(string name) =>
        Assert.True(s_schema.Evaluate(Json(ShippedStudies.Text(name)), new EvaluationOptions { OutputFormat = OutputFormat.List }) is { IsValid: true }, $"{name} does not");

    [Theory]
    [InlineData("study: a\nsteps: [create a 4K]\nmashine: {}")]
    [InlineData("study: a\nsteps: [create a 4K]\nmachine: {polcy: linux}")]
    [InlineData("study: a\nsteps: [{creat: {name: a, size: 4K}}]")]
    [InlineData("study: a\nsteps: [{create: {name: a, sice: 4K}}]")]
    [InlineData("study: a\nsteps: [create a 4K]\nmeasure: [frame]")]
    [InlineData("study: a")]
    public void The_schema_finds_what_the_program_refuses(string text) => Assert.False(s_schema.Evaluate(Json(text)).IsValid);

    /// <summary>With the first and the last value of each parameter: every expectation of the study holds.</summary>
    [Theory]
    [MemberData(nameof(OfMadeFiles))]
    public Task A_shipped_study_finds_what_it_expects(string name)
    {
        var scenario = ShippedStudies.Get(name);
        scenario = scenario.With(scenario.Parameters.Select(p => KeyValuePair.Create(p.Name, (IReadOnlyList<string>)[.. new[] { p.Texts[0], p.Texts[^1] }.Distinct()])));
        return Verify(string.Concat(Run(scenario).Select(r => $"{r.Plan}: {string.Join(", ", r.Values.Select(v => $"{v.Key} {v.Value ?? "-"}"))}\n"))).UseParameters(name);
    }

    /// <summary>Its binary belongs to the version of .NET, so its figures are not kept.</summary>
    [Fact]
    public void The_study_of_the_article_compares_every_mechanism()
    {
        var results = Run(ShippedStudies.Get("lsfmm").With([new("sites", ["300"]), new("processes", ["5"])]));

        Assert.Equal(20, results.Count);
        Assert.Equal(5 * (long)results[^2].Values["patched_frames"]!, results.Single(r => r.Plan.ToString().StartsWith("mechanism private, sites 300, processes 5, profiles 0", StringComparison.Ordinal)).Values["patched_frames"]);
        Assert.Contains(results, r => r.Values["refused"] is string { Length: > 0 } && r.Values["patched_frames"] is null);
    }

    /// <summary>The examples that people read first: of the guide, and of the README at the top.</summary>
    [Theory]
    [InlineData("src/Reflink.Studies/Scenarios/GUIDE.md", 16)]
    [InlineData("README.md", 4)]
    public void The_example_of_a_guide_runs_as_it_stands(string file, int runs)
    {
        var text = File.ReadAllText(Path.Combine(Root(), file));
        var begin = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var scenario = Scenario.Parse(text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)], file);

        Assert.Equal(runs * scenario.Seeds.Count, scenario.RunCount);
        Assert.All(scenario.Plan(), plan => Assert.Null(scenario.Run(plan).Failure));
    }

    private static List<RunResult> Run(Scenario scenario)
    {
        var results = scenario.WithSeeds([scenario.Seeds[0]]).Plan().Select(plan => scenario.Run(plan)).ToList();
        Assert.All(results, result => Assert.Null(result.Failure));
        Assert.All(results, result => Assert.True(result.Expectations > 0, $"{scenario.Name} expects nothing"));
        return results;
    }

    private static string Root([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "../../../..");

    private static JsonElement Json(string yaml) =>
        JsonDocument.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml))!)).RootElement;
}
