namespace Reflink.Files.Pages;

/// <summary>What a write to a page does with the bytes that it has.</summary>
internal enum PageContent
{
    /// <summary>Some of them stay, so they must be there first.</summary>
    Keep,

    /// <summary>The caller writes all of them.</summary>
    Overwrite,
}
