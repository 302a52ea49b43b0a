namespace Reflink.Fidelity.Filesystems;

/// <summary>The first step of a script after which two backends disagree, and in what.</summary>
/// <param name="Step">The step's number, from 0.</param>
/// <param name="Kind">In what: "result", "bytes", "holes", "sharing" or "flags".</param>
/// <param name="What">What each has.</param>
public sealed record FileDifference(int Step, string Kind, string What)
{
    private const string Zeroes = "zeroes";

    /// <summary>Plays a script on both.</summary>
    /// <param name="script">The script.</param>
    /// <param name="every">After how many steps the files are compared; results always are.</param>
    /// <param name="one">The first backend; it is disposed of.</param>
    /// <param name="two">The second; so is it.</param>
    public static FileDifference? Find(IReadOnlyList<FileOp> script, int every, Func<IFileDriver> one, Func<IFileDriver> two)
    {
        using var first = one();
        using var second = two();
        for (var step = 0; step < script.Count; step++)
        {
            var (here, there) = (first.Do(script[step]), second.Do(script[step]));
            if (here != there)
            {
                return new(step, "result", $"{script[step]}: {here} and {there}");
            }

            if ((step % every == every - 1 || step == script.Count - 1) && Compare(step, first, second) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static FileDifference? Compare(int step, IFileDriver first, IFileDriver second)
    {
        var (classes, others) = (new Dictionary<long, string>(), new Dictionary<long, string>());
        for (var file = 0; file < FileScript.Files; file++)
        {
            var (here, there) = (first.State(file), second.State(file));
            if (!here.Bytes.AsSpan().SequenceEqual(there.Bytes))
            {
                var at = here.Bytes.AsSpan().CommonPrefixLength(there.Bytes);
                return new(step, "bytes", $"f{file}: {here.Bytes.Length} and {there.Bytes.Length} bytes, different from {at} on: {At(here, at)} and {At(there, at)}");
            }

            if ((BytesInHole(here) ?? BytesInHole(there)) is { } hole)
            {
                return new(step, "holes", $"f{file}: {hole} lies in a hole but is not 0");
            }

            for (var page = 0; page < here.Places.Length; page++)
            {
                var (left, right) = (Class(classes, here, file, page), Class(others, there, file, page));
                if (left != right)
                {
                    return new(step, "sharing", $"f{file} page {page} is one with {left} and with {right}");
                }

                if (here.Marks is { } marks && there.Marks is { } live && marks[page] != live[page] 
                    && (left != Zeroes || (marks[page] == FileState.Unwritten && live[page] != FileState.Hole)))
                {
                    return new(step, "flags", $"f{file} page {page} is {marks[page]} and {live[page]}");
                }
            }
        }

        return null;
    }

    // The first page of a script's files that lies at the same place; pages of zeroes are in no class.
    private static string Class(Dictionary<long, string> classes, FileState state, int file, int page)
    {
        var bytes = state.Bytes.AsSpan(page << Page.Shift);
        if (!bytes[..Math.Min(bytes.Length, Page.Size)].ContainsAnyExcept((byte)0))
        {
            return Zeroes;
        }

        if (state.Places[page] < 0)
        {
            return "nothing, though it is not zero";
        }

        var name = $"f{file}:{page}";
        return classes.TryAdd(state.Places[page], name) ? name : classes[state.Places[page]];
    }

    private static long? BytesInHole(FileState state)
    {
        var at = 0L;
        foreach (var (from, to) in state.Data.Append((state.Bytes.Length, state.Bytes.Length)))
        {
            var inside = state.Bytes.AsSpan()[(int)at..(int)from].IndexOfAnyExcept((byte)0);
            if (inside >= 0)
            {
                return at + inside;
            }

            at = to;
        }

        return null;
    }

    private static string At(FileState state, int at) => at < state.Bytes.Length ? $"{state.Bytes[at]}" : "its end";
}
