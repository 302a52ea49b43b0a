namespace Reflink.Studies.Traces.Calls;

// What open() made: descriptors that were duplicated, and those of children, share it, and with it the position.
internal sealed class OpenFile
{
    public long Position { get; set; }

    public bool Appends { get; set; }
}
