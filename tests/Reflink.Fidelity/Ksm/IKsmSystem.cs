using Reflink.Units;

namespace Reflink.Fidelity.Ksm;

/// <summary>Something that scripts are played on: the running kernel, or a model of it. It begins with no process, run 0 and the kernel's defaults.</summary>
public interface IKsmSystem : IDisposable
{
    /// <summary>Does a step; returns why it failed, or null.</summary>
    Errno? Apply(KsmOp op);

    /// <summary>Looks at everything, and changes nothing.</summary>
    KsmState Observe(Errno? error);
}
