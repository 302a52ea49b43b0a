namespace Reflink.Descriptions.Formats;

/// <summary>How a description is written.</summary>
public enum DescriptionFormat
{
    /// <summary>A line for each piece or edit, for people and version control.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>As few bytes as it takes.</summary>
    Binary,
}
