namespace Reflink.Units;

/// <summary>A number that an event tells, under the name that the kernel gives it.</summary>
/// <param name="Name">The name, such as <c>pfn</c>.</param>
/// <param name="Value">The number; its unit is the kernel's: pages, bytes of an address, or a count.</param>
public readonly record struct EventField(string Name, long Value);
