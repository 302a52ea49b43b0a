using System.Globalization;

namespace Reflink.Studies.Traces.Calls;

/// <summary>One finished call as strace -y prints it: <c>pread64(3&lt;/etc/passwd&gt;, ""..., 4096, 0) = 1204 &lt;0.000089&gt;</c>.</summary>
internal readonly ref struct StraceCall(ReadOnlySpan<char> name, ReadOnlySpan<char> arguments, ReadOnlySpan<char> result)
{
    /// <summary>What was called.</summary>
    public ReadOnlySpan<char> Name { get; } = name;

    /// <summary>What stands between the brackets.</summary>
    public ReadOnlySpan<char> Arguments { get; } = arguments;

    /// <summary>What it gave; negative if it failed, or did not return.</summary>
    public long Result { get; } = ParseResult(result);

    /// <summary>The path of the descriptor that it gave, if it gave one.</summary>
    public ReadOnlySpan<char> ResultPath { get; } = result.IndexOf('<') is > 0 and var open && result[open - 1] != ' ' ? result[(open + 1)..result.LastIndexOf('>')] : default;

    public static bool TryParse(ReadOnlySpan<char> line, out StraceCall call)
    {
        var open = line.IndexOf('(');
        var equals = line.LastIndexOf(" = ");
        if (open <= 0 || equals < open || line[..equals].TrimEnd() is not [.., ')'])
        {
            call = default;
            return false;
        }

        call = new StraceCall(line[..open], line[(open + 1)..equals].TrimEnd()[..^1], line[(equals + 3)..].TrimStart());
        return true;
    }

    /// <summary>Takes a descriptor with its path off the front of arguments; the path is empty where strace knows none.</summary>
    public static bool TryTakeDescriptor(ref ReadOnlySpan<char> arguments, out int descriptor, out ReadOnlySpan<char> path)
    {
        path = default;
        var digits = arguments.IndexOfAnyExceptInRange('0', '9');
        if (!int.TryParse(digits < 0 ? arguments : arguments[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out descriptor))
        {
            return false;
        }

        arguments = digits < 0 ? [] : arguments[digits..];
        if (arguments is ['<', ..])
        {
            // A path in brackets has its own written as \76; those of pipes and sockets may hold some.
            var close = arguments.IndexOf(">,");
            close = close >= 0 ? close : arguments.LastIndexOf('>');
            path = close < 0 ? default : arguments[1..close];
            arguments = close < 0 ? [] : arguments[(close + 1)..];
        }

        SkipComma(ref arguments);
        return true;
    }

    /// <summary>Takes a pointer to an offset, such as NULL, [100] or [0] => [500]; null means the descriptor's own.</summary>
    public static bool TryTakeOffset(ref ReadOnlySpan<char> arguments, out long? offset)
    {
        offset = null;
        var comma = arguments.IndexOf(',');
        var argument = comma < 0 ? arguments : arguments[..comma];
        arguments = arguments[argument.Length..];
        SkipComma(ref arguments);
        if (argument is "NULL")
        {
            return true;
        }

        var close = argument.IndexOf(']');
        var isNumber = long.TryParse(close > 0 ? argument[1..close] : [], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        offset = number;
        return isNumber;
    }

    /// <summary>An argument counted from the last, which is 0: text in those before it may hold commas.</summary>
    public ReadOnlySpan<char> FromLast(int number)
    {
        var rest = Arguments;
        for (; number > 0; number--)
        {
            rest = rest[..Math.Max(0, rest.LastIndexOf(','))];
        }

        return rest[(rest.LastIndexOf(',') + 1)..].Trim();
    }

    /// <summary>The same as a number; null if it is none.</summary>
    public long? NumberFromLast(int number) =>
        long.TryParse(FromLast(number), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static void SkipComma(ref ReadOnlySpan<char> arguments) => arguments = arguments.TrimStart(',').TrimStart();

    // mmap gives an address; a call that did not return, a question mark.
    private static long ParseResult(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(' ', '<');
        var number = end < 0 ? text : text[..end];
        return number.StartsWith("0x") ? 0 : long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var result) ? result : -1;
    }
}
