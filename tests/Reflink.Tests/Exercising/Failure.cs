namespace Reflink.Tests.Exercising;

/// <summary>The machine and the oracle disagree.</summary>
internal sealed class Failure(string what) : Exception(what);
