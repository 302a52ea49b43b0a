namespace Reflink.Cache;

/// <summary>What is done when no frame can be reclaimed.</summary>
internal interface IOutOfMemory
{
    /// <summary>Frees frames by ending somebody.</summary>
    /// <returns>False: nobody can be ended.</returns>
    /// <exception cref="ReflinkException">ENOMEM: whoever asked for memory was ended, or what was ended frees its memory later.</exception>
    bool Kill();

    /// <summary>Ends somebody though frames can be reclaimed, since all of them were used lately. If nobody can be ended, nothing happens.</summary>
    /// <exception cref="ReflinkException">ENOMEM: whoever asked for memory was ended.</exception>
    void Relieve();
}
