using Reflink.Testing;

namespace Reflink.Benchmarks.Derived;

/// <summary>The other ways to keep variants, each where it can be run.</summary>
internal sealed class VariantPeers : IDisposable
{
    /// <summary>What <see cref="OverlayVariants"/> and others call an XFS whose files do not share blocks.</summary>
    public const string Plain = "plain XFS";

    private readonly List<(string Name, IVariants? Peer, string Why)> _all = [];
    private readonly ScratchFolder _scratch = new("derive");
    private readonly XfsImage? _plain;
    private readonly XfsImage? _reflink;

    /// <summary>Sets them up.</summary>
    /// <param name="bytes">The file.</param>
    public VariantPeers(VariantBytes bytes)
    {
        _plain = XfsImage.TryMount(out var why, reflink: false);
        On(_plain, why, "full copy", folder => new CopiedVariants(folder, bytes));
        On(_plain, why, "overlayfs on " + Plain, folder => new OverlayVariants(folder, bytes, Plain));
        _reflink = XfsImage.TryMount(out why);
        On(_reflink, why, "XFS reflink", folder => new ReflinkVariants(folder, bytes));
        On(_reflink, why, "overlayfs on XFS", folder => new OverlayVariants(folder, bytes, "XFS"));
        Try("git", () => new GitVariants(_scratch.Of("git"), bytes, [1]));
    }

    /// <summary>Every peer, or why it is not there.</summary>
    public IReadOnlyList<(string Name, IVariants? Peer, string Why)> All => _all;

    /// <summary>The XFS whose files can share blocks, where there is one.</summary>
    public XfsImage? Reflink => _reflink;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, peer, _) in _all)
        {
            peer?.Dispose();
        }

        _plain?.Dispose();
        _reflink?.Dispose();
        _scratch.Dispose();
    }

    private void On(XfsImage? image, string why, string name, Func<string, IVariants> make)
    {
        if (image is null)
        {
            _all.Add((name, null, why));
        }
        else
        {
            Try(name, () => make(Path.Combine(image.Path, name.Replace(' ', '-'))));
        }
    }

    private void Try(string name, Func<IVariants> make)
    {
        try
        {
            _all.Add((name, make(), ""));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _all.Add((name, null, e.Message));
        }
    }
}
