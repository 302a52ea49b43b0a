namespace Reflink.Fidelity.Ksm;

/// <summary>Where two systems first do otherwise.</summary>
/// <param name="Step">The step of the script.</param>
/// <param name="Kernel">The kernel's state after it.</param>
/// <param name="Model">The model's.</param>
public sealed record KsmDifference(int Step, string Kernel, string Model)
{
    /// <summary>The names of what differs, so that a script is shortened to the same difference and not to another one.</summary>
    public string Kind => string.Join(' ', Named(Kernel).Except(Named(Model)).Union(Named(Model).Except(Named(Kernel))).Select(n => n.Name).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Plays a script on both; null if they do the same.</summary>
    public static KsmDifference? Find(IReadOnlyList<KsmOp> script, Func<IKsmSystem> kernel, Func<IKsmSystem> model)
    {
        // One after the other: both may be the kernel.
        var (left, right) = (Play(script, kernel), Play(script, model));
        var step = Enumerable.Range(0, script.Count).FirstOrDefault(s => left[s] != right[s], -1);
        return step < 0 ? null : new(step, left[step], right[step]);
    }

    /// <summary>The states line by line, beside each other where they differ.</summary>
    public override string ToString()
    {
        var (kernel, model) = (Kernel.Split('\n'), Model.Split('\n'));
        return string.Join('\n', Enumerable.Range(0, Math.Max(kernel.Length, model.Length)).Select(i => Beside(kernel.ElementAtOrDefault(i), model.ElementAtOrDefault(i))));
    }

    private static string Beside(string? kernel, string? model) => kernel == model ? $"both    {kernel}" : $"kernel  {kernel}\nmodel   {model}";

    private static List<string> Play(IReadOnlyList<KsmOp> script, Func<IKsmSystem> begin)
    {
        using var system = begin();
        return [.. KsmScript.Play(script, system)];
    }

    // The words of the first line are an error and pairs, of others a process, pairs, and three rows of pages.
    private static IEnumerable<(int Line, string Name, string Value)> Named(string state)
    {
        foreach (var (at, line) in state.Split('\n').Index())
        {
            var words = line.Split(' ');
            var pairs = at == 0 ? words[1..] : words[1..^3];
            yield return (at, at == 0 ? "error" : "process", words[0]);
            foreach (var pair in pairs.Chunk(2))
            {
                yield return (at, pair[0], pair[1]);
            }

            foreach (var (row, name) in at == 0 ? [] : words[^3..].Zip((string[])["frames", "contents", "changed"]))
            {
                yield return (at, name, row);
            }
        }
    }
}
