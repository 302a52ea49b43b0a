using System.CommandLine;
using System.Text;
using Reflink.Studies.Reporting;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Reflink.Units;

namespace Reflink.Cli.Studying;

/// <summary>Writes the report of a study again, from the results in its folder.</summary>
internal sealed class ReportCommand : Command, IHasExamples
{
    private readonly Argument<string> _folder = OptionKinds.Word("FOLDER", "The folder with the results, as 'reflink study run' leaves it");
    private readonly Option<string?> _out = OptionKinds.Target("--out", $"The file for the report, or a dash to print it; the folder is left as it is then. Without it {StudyReport.FileName} and figures in the folder are written");

    public ReportCommand()
        : base("report", "Writes the report of a study: one HTML file that works without a network, and its charts as SVG files in the folder's figures. 'reflink study run' writes both at its end; this writes them again.")
    {
        Arguments.Add(_folder);
        Options.Add(_out);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink report /tmp/clones", "writes /tmp/clones/report.html and /tmp/clones/figures"),
        ("reflink report /tmp/clones --out clones.html", "the report alone, as a file elsewhere"),
        ("reflink report /tmp/clones --out - > clones.html", "the report is printed"),
    ];

    private int Run(ParseResult line)
    {
        var (folder, scenario) = StudyFolder.Read(line.GetValue(_folder)!);
        if (!scenario.Plan().Any(folder.Has))
        {
            throw new ReflinkException(Errno.ENOENT, $"'{folder.Path}' has no run that this version of the program made, so no report was written; 'reflink study run {Path.Combine(folder.Path, "study.yaml")} --out {folder.Path}' runs the study");
        }

        if (line.GetValue(_out) is { } path)
        {
            HostOutput.WriteTo(path, Encoding.UTF8.GetBytes(StudyReport.Html(folder, scenario)));
        }
        else
        {
            StudyReport.Write(folder, scenario);
        }

        var table = ResultTable.Of(scenario, folder);
        return Told(scenario, table.Failures, table.Rows.Count);
    }

    // A report of failures alone shows no result.
    private static int Told(Scenario scenario, IReadOnlyList<(string Run, string Failure)> failures, int done) =>
        failures.Count < done ? ExitCode.Success : Failures.Print(
            ExitCode.Failure, null, $"{(done == 1 ? "the only run" : $"all {done} runs")} of study {scenario.Name} failed, so its report has no charts; the report says why, and 'reflink study run' with --retry runs them again:\n  {failures[0].Run}: {failures[0].Failure}");
}
