using System.Reflection;
using System.Runtime.CompilerServices;

namespace Reflink.Tests.Surface;

/// <summary>A type as C# writes it where a member names it: keywords, type arguments, tuples with their names, question marks.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short",
        [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(string)] = "string", [typeof(object)] = "object",
    };

    private static readonly NullabilityInfoContext s_nullability = new();

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, s_nullability.Create(parameter), Names(parameter));

    public static string Of(PropertyInfo property) => Of(property.PropertyType, s_nullability.Create(property), Names(property));

    public static string Of(FieldInfo field) => Of(field.FieldType, s_nullability.Create(field), Names(field));

    public static string Of(Type type) => Of(type, null, new Queue<string?>());

    private static Queue<string?> Names(ICustomAttributeProvider of) => new(
        of.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).OfType<TupleElementNamesAttribute>().SelectMany(a => a.TransformNames));

    private static string Of(Type type, NullabilityInfo? nullability, Queue<string?> names)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability, names);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value, null, names) + "?";
        }

        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        return Bare(type, nullability, names) + mark;
    }

    private static string Bare(Type type, NullabilityInfo? nullability, Queue<string?> names)
    {
        if (type.IsArray)
        {
            return Of(type.GetElementType()!, nullability?.ElementType, names) + "[]";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        if (s_keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        var outer = type.IsNested && !type.IsGenericParameter ? Of(type.DeclaringType!) + "." : "";
        if (!type.IsGenericType)
        {
            return outer + type.Name;
        }

        var arguments = type.GetGenericArguments();
        if (type.IsAssignableTo(typeof(ITuple)))
        {
            var own = arguments.Select(_ => names.TryDequeue(out var name) ? name : null).ToList();
            return $"({string.Join(", ", arguments.Select((a, i) => Argument(a, i) + (own[i] is null ? "" : " " + own[i])))})";
        }

        return $"{outer}{type.Name.Split('`')[0]}<{string.Join(", ", arguments.Select(Argument))}>";

        string Argument(Type argument, int number) =>
            Of(argument, nullability?.GenericTypeArguments is { Length: > 0 } inner ? inner[number] : null, names);
    }
}
