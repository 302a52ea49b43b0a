using System.CommandLine;
using System.CommandLine.Parsing;

namespace Reflink.Cli.Reporting;

/// <summary>The options of every command that prints a table.</summary>
internal sealed class ReportOptions
{
    private readonly (Option<bool> Option, OutputForm Form)[] _forms =
    [
        (new("--wide") { Description = "Print every column and each row on one line, however wide the terminal is" }, OutputForm.Wide),
        (new("--csv") { Description = "Print CSV; between several tables stands an empty line" }, OutputForm.Csv),
        (new("--json") { Description = "Print JSON" }, OutputForm.Json),
    ];

    public void AddTo(Command command)
    {
        Array.ForEach(_forms, form => command.Options.Add(form.Option));
        command.Validators.Add(Validate);
    }

    public OutputForm Form(ParseResult line) => _forms.FirstOrDefault(form => line.GetValue(form.Option)).Form;

    /// <summary>Whether standard output is for a program, so that remarks go to standard error.</summary>
    public bool IsForProgram(ParseResult line) => Form(line) is OutputForm.Csv or OutputForm.Json;

    /// <summary>Prints the result in the form that was asked for.</summary>
    public void Write(ParseResult line, Func<Report> report, Func<string> json, Func<string> csv) => Console.Out.Write(Form(line) switch
    {
        OutputForm.Json => json(),
        OutputForm.Csv => csv(),
        OutputForm.Wide => report().Text(LineWidth.Unlimited),
        _ => report().Text(LineWidth.Current),
    });

    /// <summary>Prints a remark: beside what a program reads on standard error.</summary>
    public void Remark(ParseResult line, string text)
    {
        if (IsForProgram(line))
        {
            Failures.Remark(text);
        }
        else
        {
            Write(line, () => new Report().Note(text), () => "", () => "");
        }
    }

    private void Validate(CommandResult result)
    {
        if (_forms.Where(form => result.IsGiven(form.Option)).Select(form => form.Option.Name).ToList() is [var one, var other, ..])
        {
            result.AddError($"{one} and {other} exclude each other; give one of them");
        }
    }
}
