using Reflink.Units;

namespace Reflink.Studies.Clusters;

/// <summary>A cluster does not answer just now (EIO); who asks again later may be answered.</summary>
/// <param name="message">Which cluster, and the remedy.</param>
/// <param name="inner">What the network said.</param>
public sealed class ClusterAwayException(string message, Exception? inner = null) : ReflinkException(Errno.EIO, message, inner);
