namespace Reflink.Elf;

/// <summary>What makes a place in a file's code one that tools patch.</summary>
public enum SiteKind
{
    /// <summary>The entry of a function; see <see cref="FunctionSites"/>.</summary>
    Functions,

    /// <summary>A probe that the program declares with SystemTap's macros: <c>.note.stapsdt</c>, also called USDT.</summary>
    Sdt,

    /// <summary>The no-ops that <c>-fpatchable-function-entry</c> leaves: <c>__patchable_function_entries</c>.</summary>
    Patchable,

    /// <summary>A sled of LLVM's XRay at an entry or an exit: <c>xray_instr_map</c>.</summary>
    Xray,
}
