using System.Text;
using Reflink.SnapshotEngine.Objects;

namespace Reflink.SnapshotEngine.Tests;

public sealed class ObjectTests
{
    public static TheoryData<object?, string> Roots => new()
    {
        { null, "null" },
        { "", "emptyString" },
        { true, "True" },
        { 2.0, "2" },
        { 7, "7" },
        { DayOfWeek.Friday, "Friday" },
        { new StringBuilder("x\ny"), "x\ny" },
        { new Guid("3f2504e0-4f89-11d3-9a0c-0305e82c3301"), "3f2504e0-4f89-11d3-9a0c-0305e82c3301" },
        { Array.Empty<int>(), "[]" },
        { new { A = 0 }, "{}" },
        { new[] { 1, 0 }, "[\n  1,\n  0\n]" },
    };

    public static TheoryData<object> Refused => new()
    {
        new { A = "two\nlines" },
        new { A = "" },
        new { A = "2026-02-13" },
        new { A = "3f2504e0-4f89-11d3-9a0c-0305e82c3301" },
        new { A = Guid.NewGuid() },
        new { A = DateTime.UnixEpoch },
        new { A = double.PositiveInfinity },
        new { A = 'c' },
        new { A = new int?[] { null } },
        new { A = new Dictionary<int, int> { [1] = 1 } },
        new { A = new Dictionary<string, int> { ["B"] = 1, ["a"] = 1 } },
        new byte[] { 1 },
        new DateTime(2026, 1, 1),
        new TimeOnly(1, 2),
        KeyValuePair.Create("k", 1),
        (nint)1,
        new { A = (nuint)1 },
        new Aged(),
        new Broken(),
        (1, 2),
        Task.FromResult("x"),
        new InvalidOperationException("x"),
        new Func<int>(() => 1),
    };

    [Theory]
    [MemberData(nameof(Roots))]
    public void RootValueIsAPlainString(object? root, string expected) => Assert.Equal(expected, ObjectText.Render(root));

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatMightReadDifferentlyIsRefused(object root)
    {
        var error = Assert.Throws<NotSupportedException>(() => ObjectText.Render(root));
        Assert.EndsWith("render it to a string in the test.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FieldsComeBeforePropertiesAndEmptyMembersAreOmitted()
    {
        var text = ObjectText.Render(new Shape
        {
            Name = "disk", Off = false, Zero = 0, Maybe = 0, Day = DayOfWeek.Tuesday, Ratio = 2, Share = 1.5m, Nan = double.NaN,
            Pairs = new() { ["b"] = 2, ["a"] = 0 }, Rows = [[1], []], Inner = new() { Name = "in", Off = true },
        });
        Assert.Equal(
            """
            {
              Name: disk,
              Off: false,
              Maybe: 0,
              Day: Tuesday,
              Ratio: 2.0,
              Share: 1.5,
              Nan: "NaN",
              Pairs: {
                a: 0,
                b: 2
              },
              Rows: [
                [
                  1
                ]
              ],
              Inner: {
                Name: in,
                Off: true
              }
            }
            """,
            text);
    }

    [Theory]
    [InlineData("a", "a-b", "ab", "b")]
    [InlineData("A", "B", "C", "D")]
    public void KeysThatEveryOrderSortsAlikeAreSorted(string a, string b, string c, string d)
    {
        var text = ObjectText.Render(new Dictionary<string, int> { [d] = 4, [b] = 2, [c] = 3, [a] = 1 });
        Assert.Equal($"{{\n  {a}: 1,\n  {b}: 2,\n  {c}: 3,\n  {d}: 4\n}}", text);
    }

    [Fact]
    public void CyclesAreRefused()
    {
        var shape = new Shape();
        shape.Inner = shape;
        Assert.Throws<NotSupportedException>(() => ObjectText.Render(shape));
    }

    private sealed class Aged
    {
        [Obsolete("for the test")]
        public int Old { get; } = 1;
    }

    private sealed class Broken
    {
        public int Thrown => throw new NotImplementedException();
    }
}
