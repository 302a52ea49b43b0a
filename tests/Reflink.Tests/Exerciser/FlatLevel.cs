using Reflink.Patching;

namespace Reflink.Tests.Exercising;

/// <summary>A poke as the oracle sees it: a patched byte copy of the file as it was then.</summary>
internal sealed record FlatLevel(FlatFile Copy, PatchSet Set);
