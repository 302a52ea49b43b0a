namespace Reflink.Studies.Scenarios.Text;

/// <summary>What type the C# compiler gives an expression.</summary>
internal enum CSharpType
{
    /// <summary>A <c>Value</c>, with the operators of formulas.</summary>
    Value,

    /// <summary>A bool.</summary>
    Truth,

    /// <summary>An int, a long or a double.</summary>
    Number,

    /// <summary>A string.</summary>
    Text,
}
