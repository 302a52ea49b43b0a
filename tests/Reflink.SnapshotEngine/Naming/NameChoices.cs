namespace Reflink.SnapshotEngine.Naming;

/// <summary>What a verification wants to be called. Choices that exclude each other are refused as they are made.</summary>
internal sealed record NameChoices
{
    public string? Directory { get; init; }

    public string? TypeName { get; private init; }

    public string? MethodName { get; private init; }

    public string? FileName { get; private init; }

    public IReadOnlyList<object?>? Parameters { get; private init; }

    public string? ParametersText { get; private init; }

    public bool PerConfiguration { get; init; }

    public bool PerArchitecture { get; init; }

    public bool PerOs { get; init; }

    public bool PerRuntime { get; init; }

    public bool PerRuntimeVersion { get; init; }

    public NameChoices WithTypeName(string name)
    {
        Refuse(FileName is not null, "UseTypeName", "UseFileName");
        return this with { TypeName = FilePart(name, nameof(name)) };
    }

    public NameChoices WithMethodName(string name)
    {
        Refuse(FileName is not null, "UseMethodName", "UseFileName");
        return this with { MethodName = FilePart(name, nameof(name)) };
    }

    public NameChoices WithFileName(string name)
    {
        Refuse(TypeName is not null, "UseFileName", "UseTypeName");
        Refuse(MethodName is not null, "UseFileName", "UseMethodName");
        return this with { FileName = FilePart(name, nameof(name)) };
    }

    public NameChoices WithParameters(IReadOnlyList<object?> parameters)
    {
        Refuse(ParametersText is not null, "UseParameters", "UseTextForParameters");
        if (parameters.Count == 0)
        {
            throw new NotSupportedException("UseParameters without parameters does not do here what it does with Verify: leave it out.");
        }

        return this with { Parameters = parameters };
    }

    public NameChoices WithParametersText(string text)
    {
        Refuse(Parameters is not null, "UseTextForParameters", "UseParameters");
        if (text.StartsWith('.'))
        {
            throw new ArgumentException($"The text for the parameters must not start with a dot: {text}", nameof(text));
        }

        return this with { ParametersText = FilePart(text, nameof(text)) };
    }

    private static string FilePart(string name, string parameter) =>
        name.Length > 0 && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0
            ? name
            : throw new ArgumentException($"Not part of a file name: '{name}'", parameter);

    private static void Refuse(bool conflict, string asked, string already)
    {
        if (conflict)
        {
            throw new InvalidOperationException($"{asked} is not compatible with {already}.");
        }
    }
}
