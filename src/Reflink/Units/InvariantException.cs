namespace Reflink.Units;

/// <summary>A rule of the model is broken: a defect in this library, never a user's mistake.</summary>
public sealed class InvariantException(string message) : Exception("broken rule: " + message);
