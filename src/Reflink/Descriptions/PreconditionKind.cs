namespace Reflink.Descriptions;

/// <summary>How strongly a description insists on the bases that it was made for.</summary>
public enum PreconditionKind
{
    /// <summary>Any file of the right size will do.</summary>
    None,

    /// <summary>Every base must have the content root that it had.</summary>
    Root,

    /// <summary>The bytes that are replaced or left out must have the hash that they had; what is copied may have changed.</summary>
    Hash,

    /// <summary>The bytes that are replaced or left out must be the ones that they were, and are written down.</summary>
    Bytes,
}
