using System.Diagnostics.CodeAnalysis;

/// <summary>A snapshot that does not match. The message says it all, so it carries no stack trace.</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "Verify's own has none, and its name is part of what a test prints.")]
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Verify's own is internal: nobody is to catch it.")]
internal sealed class VerifyException(string message) : Exception(message)
{
    public override string StackTrace => "";
}
