namespace Reflink.Tests.Exercising;

/// <summary>
/// One operation: a verb and 64 random bits from which its arguments are cut. Every value is a possible operation in every
/// state, so any part of a program is a program, and a failing one can be shortened by leaving operations out.
/// </summary>
internal readonly record struct Op(Verb Verb, ulong Dice)
{
    /// <summary>A number below <paramref name="sides"/> from the eight bits at that place (0 to 7).</summary>
    public int Roll(int place, int sides) => (int)((Dice >> (8 * place)) & 0xFF) % sides;
}
