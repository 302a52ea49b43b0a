namespace Reflink.Store.Devices;

/// <summary>What a disk is asked for.</summary>
internal enum DeviceRequest
{
    /// <summary>To read pages.</summary>
    Read,

    /// <summary>To write pages.</summary>
    Write,
}
