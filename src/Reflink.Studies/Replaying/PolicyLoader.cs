using System.Reflection;
using System.Runtime.Loader;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

/// <summary>
/// Finds a user's replacement policy in an assembly, named <c>FILE.dll:TYPE</c>, and registers it under the name that it gives itself.
/// The type implements <see cref="IReplacementPolicy"/> and has a public constructor that takes the pages of memory, or nothing.
/// </summary>
public static class PolicyLoader
{
    private const string Separator = ".dll:";

    /// <summary>Whether a text names a type in an assembly.</summary>
    public static bool IsPlace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Separator, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Loads the assembly into this process, whose rights its code has, and registers the policy.</summary>
    /// <param name="place">Such as <c>./My.dll:MyPolicy</c>; the namespace may be left out.</param>
    /// <returns>The name by which <see cref="ReplacementPolicies"/> knows the policy from now on.</returns>
    /// <exception cref="ReflinkException">
    /// ENOENT: there is no such file. EINVAL: it is no assembly, or has no such type that is a policy. EEXIST: a policy is called so already.
    /// </exception>
    public static string Load(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var at = place.IndexOf(Separator, StringComparison.OrdinalIgnoreCase) + Separator.Length - 1;
        var (file, name) = (Path.GetFullPath(place[..at]), place[(at + 1)..]);
        var type = Find(Open(file), file, name);
        return (string)typeof(PolicyLoader).GetMethod(nameof(Register), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Constructor(type, file)], null)!;
    }

    private static Assembly Open(string file)
    {
        if (!File.Exists(file))
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no file '{file}'; build the project of the policy, and give the path of its assembly");
        }

        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(file);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{file}' cannot be loaded as an assembly of .NET: {e.Message}");
        }
    }

    private static Type Find(Assembly assembly, string file, string name)
    {
        var policies = assembly.GetExportedTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IReplacementPolicy))).ToList();
        return policies.Find(t => t.Name == name || t.FullName == name) ?? throw new ReflinkException(
            Errno.EINVAL,
            $"'{file}' has no public type '{name}' that implements IReplacementPolicy"
            + (policies.Count > 0 ? $"; it has {string.Join(", ", policies.Select(t => t.Name))}" : ", and no other"));
    }

    private static ConstructorInfo? Constructor(Type type, string file) =>
        type.GetConstructor([typeof(int)]) ?? type.GetConstructor([]) ?? (type.IsValueType ? null : throw new ReflinkException(
            Errno.EINVAL, $"'{type.Name}' of '{file}' has no public constructor that takes the pages of memory as an int, or nothing"));

    // Generic, so that a policy that is a struct has its simulation compiled for it.
    private static string Register<TPolicy>(ConstructorInfo? constructor)
        where TPolicy : IReplacementPolicy
    {
        TPolicy Make(int pages) => constructor is null ? default! : (TPolicy)constructor.Invoke(constructor.GetParameters().Length == 0 ? [] : [pages]);
        var name = Make(Page.Size).Name;
        ReplacementPolicies.Register(name, Make);
        return name;
    }
}
