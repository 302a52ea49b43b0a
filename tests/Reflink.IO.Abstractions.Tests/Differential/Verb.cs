namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>Something that programs do to a filesystem.</summary>
/// <param name="Name">The method of System.IO.</param>
/// <param name="Do">Calls it; what it returns is compared, null if there is nothing.</param>
/// <param name="Weight">How often it is drawn.</param>
internal sealed record Verb(string Name, Func<Stage, Step, object?> Do, int Weight = 2);
