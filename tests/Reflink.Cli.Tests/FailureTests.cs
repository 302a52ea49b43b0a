using System.Text.Json;
using Reflink.Cli.Tests.Made;

namespace Reflink.Cli.Tests;

/// <summary>What programs are told of failures, and that what cannot be written is told before the work.</summary>
public sealed class FailureTests(SampleFiles files) : IClassFixture<SampleFiles>
{
    [Theory]
    [InlineData(1, "ENOENT", "'/none' does not exist", "name an executable or a shared library", "sites", "/none", "--json")]
    [InlineData(2, null, "--kind takes some of functions,sdt,patchable,xray, not 'stt' (did you mean sdt?)", "'reflink sites --help' tells more", "sites", "/none", "--kind", "stt", "--json")]
    [InlineData(2, null, "there is no command 'comprae' (did you mean compare?)", "'reflink --help' tells more", "comprae", "--json")]
    [InlineData(1, "EEXIST", "step 2, 'create a 1': '/a' exists", "remove it or choose another name", "cache", "--json", "create a 1", "create a 1")]
    public void Beside_json_a_failure_is_an_object(int code, string? errno, string message, string hint, params string[] line)
    {
        var result = Cli.Run(line);
        using var json = JsonDocument.Parse(result.Error);
        var failure = json.RootElement;

        Assert.Equal((code, ""), (result.Code, result.Output));
        Assert.Equal((errno, message, hint), (failure.GetProperty("errno").GetString(), failure.GetProperty("message").GetString(), failure.GetProperty("hint").GetString()));
        Assert.Equal(code, failure.GetProperty("exitCode").GetInt32());
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void Json_for_a_recorded_command_is_not_for_this_one() =>
        Cli.Run("record", "--output", "/none/such/trace", "--", "true", "--json").Refused(1, "reflink: ENOENT: there is no folder '/none/such'");

    [Fact]
    public void Every_option_that_names_a_file_to_write_is_checked_before_the_work() => Assert.All(
        PrintedTableTests.Leaves(Program.Root(), []).Where(leaf => leaf.Name != "man").SelectMany(leaf => leaf.Command.Options).Where(o => o.Name is "--output" or "--plot" or "--save-patches"),
        option => Assert.IsType<TargetOption>(option));

    [Theory]
    [InlineData("compare", "--save-patches")]
    [InlineData("replay", "--plot")]
    public void A_missing_folder_is_told_before_the_work(string command, string option) =>
        Cli.Run([.. files.Line(command), option, "/none/such/file.svg"]).Refused(1, "ENOENT: there is no folder '/none/such' for the file '/none/such/file.svg'; make it, or name another");

    [Fact]
    public void A_file_does_not_come_out_of_a_volume_into_a_missing_folder() =>
        Cli.Run([.. files.Line("volume get")[..^1], "/none/such/file"]).Refused(1, "ENOENT: there is no folder '/none/such'");
}
