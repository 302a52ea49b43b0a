using System.Text.Json.Serialization;

namespace Reflink.Studies.Clusters;

/// <summary>What becomes of a study on a cluster.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StudyState>))]
public enum StudyState
{
    /// <summary>Workers take its runs.</summary>
    Running,

    /// <summary>All its runs are done.</summary>
    Done,

    /// <summary>It was cancelled: its results stay, no further run is taken.</summary>
    Cancelled,
}
