namespace Reflink.Studies.Comparison;

/// <summary>How it was chosen what each process is patched with.</summary>
/// <param name="Description">In words.</param>
/// <param name="Profiles">How many profiles there are, which processes have in turn.</param>
/// <param name="SitesPerProcess">How many of the sites each process has.</param>
/// <param name="Seed">What random profiles were drawn with, or null.</param>
public sealed record ChoiceFacts(string Description, int Profiles, int SitesPerProcess, ulong? Seed = null);
