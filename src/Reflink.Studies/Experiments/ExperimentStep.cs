using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Studies.Experiments;

/// <summary>One step of an experiment: a line such as <c>clone a b</c>.</summary>
public sealed class ExperimentStep
{
    private readonly StepForm _form;
    private readonly StepArguments _arguments;

    private ExperimentStep(string place, string text, StepForm form, StepArguments arguments) =>
        (Place, Text, _form, _arguments) = (place, text, form, arguments);

    /// <summary>Where the step was found, for messages: <c>step 3</c>, or <c>FILE:3</c>.</summary>
    public string Place { get; }

    /// <summary>The step, its words divided by single blanks.</summary>
    public string Text { get; }

    /// <summary>Reads steps, one a line; empty lines and comments behind # are none. Nothing is done yet.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="file">The file that they are from; null if they were typed one by one.</param>
    /// <exception cref="ReflinkException">EINVAL: a line is no step; the message says which and what to write.</exception>
    public static IReadOnlyList<ExperimentStep> Parse(IEnumerable<string> lines, string? file = null)
    {
        var steps = new List<ExperimentStep>();
        foreach (var (i, line) in lines.Index())
        {
            var place = file is null ? $"step {i + 1}" : $"{file}:{i + 1}";
            var words = StepWords.Split(line) ?? throw Wrong(place, line, "has a quote that is not closed; close it on the same line");
            if (words.Count == 0)
            {
                continue;
            }

            var form = StepCatalog.Find(words[0])
                ?? throw Wrong(place, line, $"begins with no step{(NearestNames.Of(words[0], StepCatalog.Forms.Select(f => f.Name)) is [var near, ..] ? $" (did you mean {near}?)" : "")}; there are {string.Join(", ", StepCatalog.Forms.Select(f => f.Name))}");
            if (form.Problem(words) is { } problem)
            {
                throw Wrong(place, line, problem);
            }

            steps.Add(Of(place, form, [.. words.Skip(1)]));
        }

        return steps;
    }

    /// <summary>A step from words that were found to be right.</summary>
    internal static ExperimentStep Of(string place, StepForm form, IReadOnlyList<string> words) =>
        new(place, string.Join(' ', words.Prepend(form.Name).Select(StepWords.Quoted)), form, new StepArguments(words));

    private string? OwnProcess => _form.Keys.ToList().IndexOf("process") is var place and >= 0 && _arguments.Has(place) ? _arguments[place] : null;

    /// <summary>Does the step; returns what there is to say of it. That memory ran out and its own process was killed for that is no failure of the step.</summary>
    /// <exception cref="ReflinkException">It failed; the message begins with the step.</exception>
    internal string? Do(ExperimentBench bench)
    {
        try
        {
            return _form.Act(bench, _arguments);
        }
        catch (ReflinkException e) when (e.Error == Errno.ENOMEM && OwnProcess is { } process && bench.IsKilled(process))
        {
            return $"process '{process}' was killed because memory ran out";
        }
        catch (ReflinkException e)
        {
            throw new ReflinkException(e.Error, $"{Place}, '{Text}': {e.Reason}", e);
        }
    }

    private static ReflinkException Wrong(string place, string line, string problem) => new(Errno.EINVAL, $"{place}: '{line.Trim()}' {problem}");
}
