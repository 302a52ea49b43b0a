namespace Reflink.Units;

/// <summary>A counter under the name that the kernel gives it in /proc/vmstat.</summary>
/// <param name="Name">The name, such as <c>pgfault</c>.</param>
/// <param name="Value">Its value, in the kernel's unit: pages or events, KiB for pgpgin and pgpgout.</param>
public readonly record struct KernelCounter(string Name, long Value);
