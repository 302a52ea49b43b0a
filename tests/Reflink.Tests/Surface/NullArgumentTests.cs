using System.Reflection;
using System.Runtime.CompilerServices;
using Reflink.Units;

namespace Reflink.Tests.Surface;

/// <summary>Whoever passes null where nothing says that it may be null hears of a null argument, not of a null reference somewhere inside.</summary>
public sealed class NullArgumentTests : IDisposable
{
    private const BindingFlags Open = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext s_nullability = new();

    // What a machine leads to, by type: a method is called on the real thing where there is one.
    private readonly Dictionary<Type, object> _things = [];
    private readonly Machine _machine = new(new MachineOptions { Memory = 1 << 20 });

    public NullArgumentTests()
    {
        var file = _machine.Volume.Create("/some");
        var user = _machine.Processes.User(0);
        object[] things =
        [
            _machine, file, user, _machine.Processes.Spawn(user, "some"), new PatchSetBuilder().Add(0, [0], [1], "some").Build(), _machine.Volume.Find("/some"), "/some",
            .. typeof(Machine).GetProperties().Where(p => !p.PropertyType.IsValueType).Select(p => p.GetValue(_machine)).OfType<object>(),
        ];
        Array.ForEach(things, thing => _things[thing.GetType()] = thing);
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Null_is_refused_as_such_by_every_public_method_and_constructor()
    {
        var tried = typeof(Machine).Assembly.GetExportedTypes().Where(t => !t.IsInterface && !t.ContainsGenericParameters && !CarriesAnything(t)).SelectMany(Callable)
            .SelectMany(m => m.GetParameters().Where(MustNotBeNull).Select(p => (Method: m, Parameter: p))).ToList();

        Assert.True(tried.Count > 100, $"{tried.Count} arguments were found");
        var accepted = tried.Select(t => (t.Method, t.Parameter, Thrown: Call(t.Method, t.Parameter))).Where(t => t.Thrown is not ArgumentNullException)
            .Select(t => $"{t.Method.DeclaringType}.{t.Method.Name}: {t.Parameter.Name} → {t.Thrown?.GetType().Name ?? "nothing"}").ToList();
        Assert.True(accepted.Count == 0, $"{accepted.Count} of {tried.Count}\n{string.Join('\n', accepted)}");
    }

    // Records and exceptions carry what they are given, and so do the texts of invariants. What takes spans cannot be called by reflection.
    private static bool CarriesAnything(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null || typeof(Exception).IsAssignableFrom(type) || type == typeof(Invariant);

    private static IEnumerable<MethodBase> Callable(Type type) => typeof(Delegate).IsAssignableFrom(type) ? [] : type.GetMethods(Open).Where(m => !m.IsAbstract && !m.ContainsGenericParameters)
        .Concat<MethodBase>(type.GetConstructors(Open)).Where(m => !m.GetParameters().Any(p => p.ParameterType.IsByRefLike));

    private static bool MustNotBeNull(ParameterInfo parameter) =>
        parameter is { IsOut: false, ParameterType: { IsValueType: false, IsByRef: false, IsPointer: false } }
        && s_nullability.Create(parameter).WriteState == NullabilityState.NotNull;

    private Exception? Call(MethodBase method, ParameterInfo without)
    {
        try
        {
            var arguments = method.GetParameters().Select(p => p.Position == without.Position ? null : Some(p.ParameterType)).ToArray();
            _ = method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(method.IsStatic ? null : Some(method.DeclaringType!), arguments);
            return null;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException;
        }
    }

    private object? Some(Type type) =>
        _things.TryGetValue(type, out var thing) ? thing
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0)
        : type.IsByRef || type.IsInterface || type.IsAbstract || typeof(Delegate).IsAssignableFrom(type) ? null
        : RuntimeHelpers.GetUninitializedObject(type);
}
