namespace Reflink.Benchmarks.Derived;

/// <summary>One way to keep variants of a file.</summary>
internal interface IVariants : IDisposable
{
    /// <summary>Who does it.</summary>
    string Name { get; }

    /// <summary>How a variant is made.</summary>
    string Note { get; }

    /// <summary>Makes a variant.</summary>
    /// <param name="name">Its name, which nobody has.</param>
    /// <param name="number">Which variant; <see cref="VariantBytes.Changes"/> says how it differs.</param>
    void Make(string name, int number);

    /// <summary>Removes a variant and all that only it needed.</summary>
    void Remove(string name);

    /// <summary>Opens a variant.</summary>
    IVariantFile Open(string name);
}
