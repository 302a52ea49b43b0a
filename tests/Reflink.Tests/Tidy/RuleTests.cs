namespace Reflink.Tests.Tidy;

/// <summary>The rules on made-up files, each of which breaks one or none.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("Units", "using Reflink.Store;", "Units must not know Store")]
    [InlineData("Space", "using Reflink.Store;", "Space must not know Store")]
    [InlineData("Store", "using Reflink.Space;", "Store must not know Space")]
    [InlineData("Inodes", "using Reflink.Cache;", "Inodes must not know Cache")]
    [InlineData("Cache", "using Reflink.Inodes;", "Cache must not know Inodes")]
    [InlineData("Files", "using Reflink.Vm;", "Files must not know Vm")]
    [InlineData("Vm", "using static Reflink.Ksm.Scanner;", "Vm must not know Ksm")]
    [InlineData("Ksm", "using Patches = Reflink.Patching.PatchSet;", "Ksm must not know Patching")]
    [InlineData("Patching", "using Reflink.Ksm;", "Patching must not know Ksm")]
    [InlineData("Machines", "using Reflink.Elf;", "Machines must not know Elf")]
    [InlineData("Vm", "class A { global::Reflink.Machines.Machine? m; }", "Vm must not know Machines")]
    [InlineData("Vm", "class A { Machines.Machine? m; }", "Vm must not know Machines")]
    [InlineData("Vm", "class A { Machine? m; }", "Vm must not know Machines")]
    [InlineData("Cache", "class A { IReadOnlyList<Volume>? all; }", "Cache must not know Files")]
    [InlineData("Files/Derived", "using Reflink.Vm;", "Files must not know Vm")]
    [InlineData("Cache/Policies", "using Reflink.Files.Derived;", "Cache must not know Files")]
    [InlineData("Cache", "using FASTER.core;", "only Store names FASTER")]
    public void UpwardImportsAreFound(string folder, string line, string rule) =>
        Assert.Equal([new($"src/Reflink/{folder}/A.cs", 2, rule)], Strata(folder, line));

    [Theory]
    [InlineData("Store", "using FASTER.core;")]
    [InlineData("Inodes", "using Reflink.Space;")]
    [InlineData("Cache", "using Reflink.Store;")]
    [InlineData("Files/Derived", "using Reflink.Cache.Policies; using Reflink.Files;")]
    [InlineData("Machines", "using Reflink.Ksm; using Reflink.Patching;")]
    [InlineData("Vm", "// using Reflink.Machines;")]
    [InlineData("Vm", "class A { Volume? v; int Machine => work.Machine; }")]
    [InlineData("Vm", "class A { string s = \"Reflink.Machines.Machine\"; int n = work.Machines.Count; }")]
    public void DownwardImportsAreNot(string folder, string line) => Assert.Empty(Strata(folder, line));

    [Theory]
    [InlineData("Reflink.Elf", "using Reflink.Patching;", true)]
    [InlineData("Reflink.Elf", "using Reflink.Vm;", false)]
    [InlineData("Reflink.Studies", "using Reflink.Elf; using Reflink.Machines;", true)]
    [InlineData("Reflink.Studies", "using Reflink.Cli;", false)]
    [InlineData("Reflink.IO.Abstractions", "using Reflink.Files; using Reflink.IO.Abstractions.Calls;", true)]
    [InlineData("Reflink.IO.Abstractions", "using Reflink.Machines;", false)]
    [InlineData("Reflink.Cli", "using Reflink.Studies;", true)]
    public void ProjectsKnowWhatIsBelowThem(string project, string line, bool good) =>
        Assert.Equal(good, !StrataRule.Check(new($"src/{project}/A.cs", line)).Any());

    [Theory]
    [InlineData("Vm", "using Reflink.Vm.Entries;", "Vm/Entries", "using Reflink.Vm;", 2)]
    [InlineData("Vm", "using static Reflink.Vm.Entries.TypeOfVmEntries;", "Vm/Entries", "class A { TypeOfVm? outer; }", 2)]
    [InlineData("Vm", "class A : global::Reflink.Files.TypeOfFiles;", "Files", "using Reflink.Vm;", 2)]
    [InlineData("Vm", "using Reflink.Vm.Entries;", "Vm/Entries", "class A { int TypeOfVm() => 1; }", 0)]
    [InlineData("Vm", "using Reflink.Files;", "Files", "// using Reflink.Vm;", 0)]
    public void CyclesOfNamespacesAreFound(string folder, string line, string other, string otherLine, int count) =>
        Assert.Equal(count, CycleRule.Check([In(folder, line), In(other, otherLine)]).Count());

    [Fact]
    public void FilesOutsideTheStrataAreFound() =>
        Assert.Equal("src/Reflink/Misc/A.cs:1 Misc is no stratum: files of src/Reflink lie in one of its strata", Assert.Single(Strata("Misc", "")).ToString());

    [Theory]
    [InlineData("namespace Reflink.Vm;\npublic class A;\npublic enum B;", "3 B is the second public type of the file")]
    [InlineData("namespace Reflink.Vm;\npublic sealed record B(int X);", "2 the file is not named after B")]
    [InlineData("namespace Reflink.Vm;\ninternal class A;\npublic readonly ref struct B;", "2 the file is not named after B")]
    [InlineData("namespace Reflink.Vm\n{\n    public delegate int B(int x);\n}", "3 the file is not named after B")]
    [InlineData("namespace Reflink.Files;\npublic class A;", "1 the namespace Reflink.Files should be Reflink.Vm")]
    [InlineData("public class A;", "1 A is in no namespace; it should be in Reflink.Vm")]
    [InlineData("namespace Reflink.Vm;\nclass A\n{\n    private enum Cache { None }\n}", "4 the type Cache is named as a namespace")]
    public void TypesOutOfPlaceAreFound(string text, string offence) =>
        Assert.Equal($"src/Reflink/Vm/A.cs:{offence}", Assert.Single(TypeRule.Check(new("src/Reflink/Vm/A.cs", text), ["Cache"])).ToString());

    [Theory]
    [InlineData("A.cs", "namespace Reflink.Vm;\n// public class C;\npublic class A\n{\n    public class Inner;\n}\ninternal class B;")]
    [InlineData("A.Part.cs", "namespace Reflink.Vm;\npublic partial class A { string s = \"}\"; }\ninternal class B;")]
    [InlineData("Usings.cs", "global using Reflink.Units;")]
    public void TypesInPlaceAreNot(string file, string text) =>
        Assert.Empty(TypeRule.Check(new($"src/Reflink/Vm/{file}", text), ["Cache"]));

    [Theory]
    [InlineData("var t = DateTime.UtcNow;")]
    [InlineData("var w = Stopwatch.StartNew();")]
    [InlineData("var r = Random.Shared;")]
    [InlineData("var r = new Random(1);")]
    [InlineData("lock (this) { }")]
    [InlineData("async Task F() { }")]
    [InlineData("Task.Run(F);")]
    public void WhatIsNotDeterministicIsFound(string line)
    {
        Assert.Equal(1, Assert.Single(BanRule.Check(new("src/Reflink/Vm/A.cs", line))).Line);
        Assert.Empty(BanRule.Check(new("src/Reflink.Cli/A.cs", line)));
        Assert.Empty(BanRule.Check(new("src/Reflink/Vm/A.cs", "// " + line)));
    }

    [Fact]
    public void WordsThatContainBannedOnesAreNot() =>
        Assert.Empty(BanRule.Check(new("src/Reflink/Vm/A.cs", "Block(x); clock (1); new RandomPolicy(1); LastUse = clock.Now;")));

    [Theory]
    [InlineData("<PackageReference Include=\"x\" Version=\"1\" />", false)]
    [InlineData("<PackageReference Include=\"x\" VersionOverride=\"1\" />", false)]
    [InlineData("<Version>1.0</Version>", false)]
    [InlineData("<PackageReference Include=\"x\" />", true)]
    public void VersionsInProjectsAreFound(string line, bool good) =>
        Assert.Equal(good, !ProjectRule.Check(new("src/Reflink/Reflink.csproj", line)).Any());

    [Fact]
    public void MissingAndLongReadmesAreFound()
    {
        var lines = string.Concat(Enumerable.Repeat("x\n", ReadmeRule.Lines));
        Assert.Empty(ReadmeRule.Check([("Vm", new("src/Reflink/Vm/README.md", lines))]));
        Assert.Single(ReadmeRule.Check([("Vm", new("src/Reflink/Vm/README.md", lines + "x\n"))]));
        Assert.Equal("src/Reflink/Vm/README.md", Assert.Single(ReadmeRule.Check([("Vm", null)])).Path);
    }

    [Theory]
    [InlineData("public class A", false)]
    [InlineData("    private partial class A(int b) : C", false)]
    [InlineData("public sealed class A", true)]
    [InlineData("public abstract partial class A", true)]
    [InlineData("internal static class A", true)]
    [InlineData("// public class A", true)]
    public void TestClassesThatAreOpenAreFound(string line, bool good)
    {
        Assert.Equal(good, !SealedRule.Check(new("tests/Reflink.Tests/A.cs", line)).Any());
        Assert.Empty(SealedRule.Check(new("src/Reflink/Vm/A.cs", line)));
    }

    private static SourceFile In(string folder, string line) => new(
        $"src/Reflink/{folder}/A.cs",
        $"{line}\nnamespace Reflink.{folder.Replace('/', '.')};\nclass TypeOf{folder.Replace("/", "", StringComparison.Ordinal)};");

    [Theory]
    [InlineData("void F(int a, bool b = true) { }", true)]
    [InlineData("class A(\n    int a,\n    [X] bool? b)", true)]
    [InlineData("bool F(out bool b, (int A, bool B) c) { }", false)]
    [InlineData("record struct A(int B, bool IsC);", false)]
    [InlineData("// F(bool b)", false)]
    public void BooleanParametersAreCounted(string code, bool isOne)
    {
        var files = Enumerable.Repeat(new SourceFile("src/Reflink/Vm/A.cs", code), BooleanRule.Most + 1).ToList();
        Assert.Equal(isOne ? files.Count : 0, BooleanRule.Check(files).Count());
        Assert.Empty(BooleanRule.Check(files[1..]));
    }

    private static IEnumerable<Offence> Strata(string folder, string line) =>
        StrataRule.Check(new($"src/Reflink/{folder}/A.cs", $"// first\n{line}\nnamespace Reflink.{folder.Replace('/', '.')};"));
}
