namespace Reflink.Studies.Scenarios.Actions;

/// <summary>What a scenario does in one place: a step, a loop, a check.</summary>
internal abstract class ScenarioAction
{
    /// <summary>Does it.</summary>
    /// <exception cref="ReflinkException">It failed; the message names the line.</exception>
    public abstract void Do(ActionContext context);

    /// <summary>Writes itself as C# that does the same on a laboratory, <c>lab</c>.</summary>
    /// <exception cref="ReflinkException">EOPNOTSUPP: it cannot; the message names the line.</exception>
    public abstract void Write(CSharpWriter writer);

    /// <summary>Looks for what can be known to be wrong before anything runs.</summary>
    /// <param name="rehearsal">What is known then.</param>
    public abstract void Rehearse(Rehearsal rehearsal);
}
