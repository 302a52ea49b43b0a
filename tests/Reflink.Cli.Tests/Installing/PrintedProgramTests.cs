using System.Text;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Tests.Installing;

/// <summary>Studies that are printed as programs compile against the packages, and find what the studies find.</summary>
[Collection(InstallationCollection.Name)]
public sealed class PrintedProgramTests(PackageFeed feed) : IDisposable
{
    // A block of each kind, names that are keywords of C# or differ in their spelling alone, and formulas that C# would compute otherwise.
    private const string Everything = """
        study: every-thing
        about: "All that a study may have: \"quotes\", {braces}, a \\ backslash and a text that is too long for one line of a comment, which it is cut into"
        parameters:
          class: ['a"b', c]
          policy: [linux, fifo]
          size: {value: 64K, least: 1, most: 1048576, about: 'Bytes: "many"'}
          keying: [inode, block]
        seeds: [7, 8]
        machine: {memory: '${size / 16}K', policy: '${policy}', keying: '${keying}', swap: '${if(size > 4K, size * 16, 0)}', disk: kept, references: exact, maps-zero-page: 'false', swappiness: '${size / 1024}', sharing: user, dirty: '${10},20', volume: 64MiB}
        measure: {of: [frames, reads, time, processes], every: 1ms}
        steps:
          - let: {public: size / 3, event: "concat('x', 7 / 2, ' ', class)", lab: 1, saved_pages: 2, savedPages: 3}
          - let: {await: 9223372036854775807 - 1, third: 1 / 3, whole: 6 / 3, joined: "'n' + 1.5 + (2 == 2)", truth: 1 == 1 && !(2 > 3)}
          - record: {numbers: 'abs(-3) + ceiling(1.2) + floor(-1.2) + sqrt(16) + round(2.5) + pow(2, 10) + 2 ** 3 - -4', decimals: 'round(1 / 3, 4)', of_lists: "class in ('a\"b', 'z') && in(3, 1, 2, 3) && !(4 in (1, 2))", hexes: "concat(hex(255), '')"}
          - {record: {kinds: "if(truth, 'yes', 0) + await + third + whole + joined + saved_pages + savedPages + lab + event"}}
          - create: {name: 'a b', size: '${size}'}
          - 'write "a b" 0 ''say "{hi}" \ # ${class} ${class}'''
          - clone: {name: a b, new: "it's\"new"}
          - map "a b" two
          - repeat: 2
            do:
              - repeat: 3
                do:
                  - choose:
                      - {weight: 3, do: ['read "a b" ${random(4) * 4K} 4K']}
                      - ['load "a b" two', {let: {drawn: 'random(10)'}}]
                      - [wait 1]
                  - try: ['map "a b" one', {let: {mapped: 1}}]
                    failed: failed
              - sample: round ${failed} {x}
          - heap mine one 64K 64GiB
          - record: {asked: "pid('one') + frame('mine', 'one', 0) + members('none')", where: "address('mine', 'one') % 4096", run: "control('run')"}
          - for: {i: {from: 1, to: 8, times: 2}}
            do:
              - for: {j: [1, two, '${i}K', 64K]}
                do: ['create f${i}${j} 4K', {let: {free: 'free + 0'}}]
          - for: {j: {from: 9, to: 1}}
            do: [read missing]
          - for: {i: {from: 10, to: 30, by: 10}}
            do: [{let: {i: i + 1}}, 'create g${i} 4K']
          - record: {left: i, free_then: free}
          - let: {turns: 0}
          - while: turns < 3 && processes > 0
            do: [{let: {turns: turns + 1}}, {note: '${turns} $${turns} ${turns == 2} ${turns > 2 ? turns : ''few''} "{}" \'}]
          - for: {p: processes}
            do: ['exit ${p}']
          - for: {f: files}
            do:
              - when: f != 'a b'
                do: ['delete ${f}']
                else:
                  - when: turns == 3
                    do: [sync, snapshot: 'kept ${f}']
          - sync
          - crash
          - expect: named == 1
            because: ${named} is left
          - {expect: 'reads >= 0'}
          - row: {table: {nothing: "if(turns > 9, 1, '')", turns: turns, "a column": named * 1.5}}
          - compare: {mechanism: text-poke, spread: 20, processes: 2, users: '${1 + 1}', profiles: 2}
          - replay: {trace: TRACE, format: lirs, copies: 2}
          - record: {compared: patched_frames - expected_frames, missed: misses}
        """;

    private readonly ScratchFolder _scratch = new("printed");

    public void Dispose() => _scratch.Dispose();

    /// <summary>lsfmm takes its binary from the runtime and much time; its two kinds of blocks are in the study of everything.</summary>
    [Fact]
    public void Every_study_that_comes_along_finds_as_a_program_what_it_finds_as_a_study() =>
        RequireSame([.. ShippedStudies.Names.Where(name => name != "lsfmm").Select(ShippedStudies.Get).Select(study => (study, study.Plan().First()))]);

    [Fact]
    public void A_study_with_everything_that_studies_may_have_finds_the_same_as_a_program()
    {
        File.WriteAllText(_scratch.Of("pages.txt"), "1\n2\n3\n1\n70\n");
        var study = Scenario.Parse(Everything.Replace("TRACE", _scratch.Of("pages.txt"), StringComparison.Ordinal), "everything.yaml");

        RequireSame([(study, study.Plan().First()), (study, study.Plan().Last())]);
    }

    [Fact]
    public void A_printed_program_runs_as_it_is()
    {
        Project("");
        File.WriteAllText(_scratch.Of("Program.cs"), Cli.Run("study", "show", "clones", "--csharp").Succeeded().Output);
        var run = Sdk.Run(_scratch.Path, feed.Restored, "run");
        var study = ShippedStudies.Get("clones");

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal(string.Concat(study.Run(study.Plan().First()).Values.Select(value => $"{value.Key}: {value.Value}\n")), run.Output);
    }

    private void RequireSame(IReadOnlyList<(Scenario Study, RunPlan Plan)> runs)
    {
        Project("<StartupObject>Driver</StartupObject>");
        File.Copy(Path.Combine(Sdk.Repository, "tests", "Reflink.Cli.Tests", "Installing", "FoundText.cs"), _scratch.Of("FoundText.cs"));
        var (calls, found) = (new StringBuilder(), new StringBuilder());
        foreach (var (study, plan) in runs)
        {
            var program = study.ToCSharp();
            var name = program.Split("internal static class ")[1].Split('\n')[0];
            File.WriteAllText(_scratch.Of($"{name}.cs"), program);
            var values = plan.Parameters.Select(p => $"Value.Of(\"{p.Value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"), ");
            calls.Append($"        Console.Write(\"{study.Name}: \" + FoundText.Of({name}.Run({string.Concat(values)}{plan.Seed})));\n");
            var result = study.Run(plan);
            Assert.Null(result.Failure);
            found.Append($"{study.Name}: {FoundText.Of(result)}");
        }

        File.WriteAllText(_scratch.Of("Driver.cs"), $"using Reflink.Cli.Tests.Installing;\nusing Reflink.Studies.Programs;\n\ninternal static class Driver\n{{\n    private static void Main()\n    {{\n{calls}    }}\n}}\n");
        var run = Sdk.Run(_scratch.Path, feed.Restored, "run");
        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal(found.ToString().Split('\n'), run.Output.Split('\n'));
    }

    // Warnings are errors, so that what is printed has none.
    private void Project(string properties)
    {
        File.Copy(feed.Configuration, _scratch.Of("NuGet.config"));
        File.WriteAllText(_scratch.Of("printed.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                {properties}
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Reflink.Studies" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """);
    }
}
