namespace Reflink.Tests.Exercising;

/// <summary>What an operation of the exerciser does.</summary>
internal enum Verb
{
    Write, Read, Truncate, Clone, CloneOnto, CloneRange, Dedupe, Punch, Collapse, Unlink, Rename, Hold,
    Map, MapAnonymous, Unmap, Protect, Load, Store, DebugWrite, Fork, Exec, Exit,
    Poke, Replace, Revert, Keep, Overlay, Unlay, Probe, Unprobe,
    Fill, Discard, Age, Lock, Advise, Ask, Option, Join, Part, Pin, Resize, Move, Scribble,
    Evict, DropCaches, WriteBack, Shrink, Scan, Tune, Open, Close, Remove, PassPartition,
}
