using Reflink.Cache;

namespace Reflink.Machines;

/// <summary>Gives back memory because somebody asked for it, not because it is short (fs/drop_caches.c), and counts how often.</summary>
internal sealed class CacheDrops(Reclaimer reclaimer)
{
    /// <summary>How often clean pages were dropped (drop_pagecache).</summary>
    public long OfPages { get; private set; }

    /// <summary>How often kept objects were dropped (drop_slab).</summary>
    public long OfObjects { get; private set; }

    /// <summary>Drops every clean page of files that no process maps; returns how many frames became free.</summary>
    public int DropPages()
    {
        OfPages++;
        return reclaimer.DropClean();
    }

    /// <summary>Drops what is kept for a next user and can be made again: derived inodes that nobody uses.</summary>
    public void DropObjects()
    {
        OfObjects++;
        reclaimer.ShrinkAll();
    }
}
