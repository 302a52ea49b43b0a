namespace Reflink.Vm;

/// <summary>Somebody whose processes run on the machine.</summary>
/// <param name="Id">The number; 0 is root.</param>
/// <param name="Name">The name that reports print.</param>
public sealed record User(UserId Id, string Name)
{
    /// <summary>Whether this is root.</summary>
    public bool IsRoot => Id.Value == 0;
}
