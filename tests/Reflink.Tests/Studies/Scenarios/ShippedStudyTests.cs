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
    [MemberData(nameof(Names))]
    public Task A_shipped_study_finds_what_it_expects(string name)
    {
        var scenario = ShippedStudies.Get(name);
        scenario = scenario.With(scenario.Parameters.Select(p => KeyValuePair.Create(p.Name, (IReadOnlyList<string>)[.. new[] { p.Texts[0], p.Texts[^1] }.Distinct()])));
        var results = scenario.WithSeeds([scenario.Seeds[0]]).Plan().Select(plan => scenario.Run(plan)).ToList();

        Assert.All(results, result => Assert.Null(result.Failure));
        Assert.All(results, result => Assert.True(result.Expectations > 0, $"{name} expects nothing"));
        return Verify(string.Concat(results.Select(r => $"{r.Plan}: {string.Join(", ", r.Values.Select(v => $"{v.Key} {v.Value ?? "-"}"))}\n"))).UseParameters(name);
    }

    private static JsonElement Json(string yaml) =>
        JsonDocument.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml))!)).RootElement;
}
