namespace Reflink.Vm;

/// <summary>Acts on advice that concerns a stratum above, such as merging.</summary>
internal interface IAdviser
{
    /// <summary>Whether it is this one's business.</summary>
    bool Knows(Advice advice);

    /// <summary>Acts on the part of the range that is mapped; gaps are the caller's to report.</summary>
    /// <param name="process">Whose memory it is.</param>
    /// <param name="range">The pages.</param>
    /// <param name="advice">What is advised.</param>
    /// <exception cref="ReflinkException">ENOMEM, EIO, EBUSY.</exception>
    void Advise(Process process, VirtualRange range, Advice advice);

    /// <summary>Sets or gets an option of a process.</summary>
    /// <returns>Whether it is this one's business.</returns>
    /// <exception cref="ReflinkException">EINVAL, ENOMEM, EIO.</exception>
    bool TryPrctl(Process process, ProcessOption option, long value, out long result);
}
