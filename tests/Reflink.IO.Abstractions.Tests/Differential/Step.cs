namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>One call of a program: a verb and what it is given.</summary>
internal sealed record Step(Verb Verb, string A, string B, int N, int M)
{
    public override string ToString() => $"{Verb.Name}  A={A}  B={B}  N={N}  M={M}";
}
