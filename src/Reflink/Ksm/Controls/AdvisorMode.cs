namespace Reflink.Ksm.Controls;

/// <summary>What sets the number of pages to scan (advisor_mode).</summary>
public enum AdvisorMode
{
    /// <summary>The user.</summary>
    None,

    /// <summary>The advisor, which aims at a time that a whole pass takes.</summary>
    ScanTime,
}
