using System.Collections;
using System.Text;

namespace Reflink.SnapshotEngine.Objects;

/// <summary>
/// Writes simple records as Verify does: JSON without quotes. What Verify would number or escape (guids, dates, text of
/// several lines) or what only it knows how to show is refused: a snapshot must never depend on the engine.
/// </summary>
internal sealed class ObjectText
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    public static string Render(object? root)
    {
        if (root is null or string)
        {
            return TextRules.Plain((string?)root);
        }

        if (Scalars.AtRoot(root) is { } plain)
        {
            return TextRules.Plain(plain);
        }

        var writer = new ObjectText();
        writer.Value(root, "");
        return writer._text.ToString();
    }

    private void Value(object? value, string indent)
    {
        if (Scalars.Inside(value) is { } scalar)
        {
            _text.Append(scalar);
            return;
        }

        if (!_open.Add(value!))
        {
            throw new NotSupportedException($"{value!.GetType().Name} contains itself: render it to a string in the test.");
        }

        Composite(value!, indent);
        _open.Remove(value!);
    }

    private void Composite(object value, string indent)
    {
        switch (value)
        {
            case IDictionary dictionary:
                Block('{', '}', Entries(dictionary), indent);
                break;
            case IEnumerable items:
                Sequences.Check(items);
                Block('[', ']', items.Cast<object?>().Where(i => !Sequences.IsEmpty(i)).Select(i => ("", i)), indent);
                break;
            default:
                Block('{', '}', Members.Of(value), indent);
                break;
        }
    }

    private void Block(char open, char close, IEnumerable<(string Name, object? Value)> parts, string indent)
    {
        _text.Append(open);
        var inner = indent + "  ";
        var first = true;
        foreach (var (name, value) in parts)
        {
            _text.Append(first ? "\n" : ",\n").Append(inner);
            _text.Append(name.Length == 0 ? "" : $"{name}: ");
            Value(value, inner);
            first = false;
        }

        _text.Append(first ? "" : $"\n{indent}").Append(close);
    }

    private static IEnumerable<(string Name, object? Value)> Entries(IDictionary dictionary)
    {
        var keys = KeyOrder.Sort(dictionary.Keys);
        return keys.Select(key => (key, dictionary[key])).Where(e => !Sequences.IsEmpty(e.Item2));
    }
}
