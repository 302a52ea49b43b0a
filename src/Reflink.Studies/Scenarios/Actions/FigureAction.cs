using System.Globalization;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>A command of the program as a part of a scenario: it works on machines of its own, and records its figures as columns of the results.</summary>
internal abstract class FigureAction(string file, YamlPiece at, IReadOnlyDictionary<string, Template> options) : ScenarioAction
{
    /// <summary>What it records.</summary>
    protected abstract IReadOnlyList<string> Recorded { get; }

    /// <summary>The method of a laboratory that does it.</summary>
    protected abstract string Command { get; }

    public override void Do(ActionContext context)
    {
        foreach (var (name, value) in Recorded.Zip(Located.At(file, at, () => Figures(context))))
        {
            context.Findings.Record(name, value);
            context.SetValue(name, value ?? "");
        }
    }

    public override void Write(CSharpWriter writer)
    {
        writer.Keep(Recorded);
        writer.Line($"lab.{Command}({string.Join(", ", options.Select(option => $"(\"{option.Key}\", {writer.Argument(option.Value)})"))});");
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        Check(rehearsal);
        foreach (var name in Recorded)
        {
            rehearsal.SetValue(name, null);
        }
    }

    /// <summary>Does it; a value for each name that it records.</summary>
    protected abstract IEnumerable<object?> Figures(ActionContext context);

    /// <summary>Looks for what can be known to be wrong before anything runs.</summary>
    protected abstract void Check(Rehearsal rehearsal);

    /// <summary>An option's text, if it is given and known before the run.</summary>
    protected string? Known(Rehearsal rehearsal, string name) => options.TryGetValue(name, out var template) ? rehearsal.Text(template) : null;

    /// <summary>Tells that an option cannot be right.</summary>
    protected void Refuse(Rehearsal rehearsal, string name, string problem) => rehearsal.Add(options[name].At, problem);

    /// <summary>Notes the file that is read, and tells if it is missing.</summary>
    protected void RequireFile(Rehearsal rehearsal, string name, string? usual)
    {
        var path = options.ContainsKey(name) ? Known(rehearsal, name) : usual;
        if (path is not null && File.Exists(path))
        {
            rehearsal.Files.Add(path);
        }
        else if (path is not null)
        {
            Refuse(rehearsal, name, $"this needs the file '{path}', which this computer does not have; name another");
        }
    }

    /// <summary>Tells that options are no whole numbers above 0.</summary>
    protected void RequireCounts(Rehearsal rehearsal, params IReadOnlyList<string> names)
    {
        foreach (var name in names.Where(name => Known(rehearsal, name) is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)))
        {
            Refuse(rehearsal, name, $"'{Known(rehearsal, name)}' is no number of {name}; it takes a whole number above 0");
        }
    }

    /// <summary>Tells that an option is none of some words.</summary>
    protected void RequireWord(Rehearsal rehearsal, string name, IReadOnlyCollection<string> words)
    {
        if (Known(rehearsal, name) is { } text && !words.Contains(text))
        {
            Refuse(rehearsal, name, $"there is no {name} '{text}'; {Words.Known(text, words)}");
        }
    }

    protected int Count(ActionContext context, string name, int usual) =>
        !options.TryGetValue(name, out var template) ? usual
        : int.TryParse(context.Text(template), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw new ReflinkException(Errno.EINVAL, $"'{context.Text(template)}' is no number of {name}");

    protected string Text(ActionContext context, string name, string usual) => options.TryGetValue(name, out var template) ? context.Text(template) : usual;

    /// <summary>A value of an enumeration, written in small letters.</summary>
    protected T Choice<T>(ActionContext context, string name, T usual)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(context, name, usual.ToString()), ignoreCase: true, out var value) ? value
        : throw new ReflinkException(Errno.EINVAL, $"there is no {name} '{Text(context, name, "")}'; {Words.Known(Text(context, name, ""), NamesOf<T>())}");

    protected static IReadOnlyList<string> NamesOf<T>()
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
}
