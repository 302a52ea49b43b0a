using Reflink.SnapshotEngine.Naming;

namespace Reflink.SnapshotEngine.Tests;

public sealed class ParameterTextTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { true, "True" },
        { 1.5, "1.5" },
        { -2, "-2" },
        { 1.10m, "1.10" },
        { DayOfWeek.Monday, "Monday" },
        { "plain.text", "plain.text" },
        { "\"\\<>|:*?/\0\u001f", "-----------" },
        { 'x', "x" },
        { new[] { 1, 2 }, "1,2" },
        { new[] { [1, 2], new[] { 3 } }, "[1,2],[3]" },
        { Array.Empty<int>(), "[]" },
        { new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, "a=1,b=2" },
        { new DateOnly(2026, 2, 13), "2026-02-13" },
        { new Version(1, 2), "1.2" },
        { new Uri("http://a/b"), "http---a-b" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void ValueReadsAsVerifyWritesIt(object? value, string expected) => Assert.Equal(expected, ParameterText.Of(value));

    public static TheoryData<object> Refused => [new DateTime(2026, 1, 1), new DateTimeOffset(), new TimeOnly(1, 2), (nint)1, KeyValuePair.Create("k", 1)];

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatVerifyNamesInAnotherWayIsRefusedByName(object value) =>
        Assert.Contains(value.GetType().Name, Assert.Throws<NotSupportedException>(() => ParameterText.Of(value)).Message, StringComparison.Ordinal);

    [Fact]
    public void NoParametersAtAllAreRefused() => Assert.Throws<NotSupportedException>(() => new VerifySettings().UseParameters());
}
