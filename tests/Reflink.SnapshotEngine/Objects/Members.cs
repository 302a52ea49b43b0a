using System.Reflection;
using System.Runtime.CompilerServices;

namespace Reflink.SnapshotEngine.Objects;

/// <summary>The members of a record that are worth a line: fields first, then properties, as declared.</summary>
internal static class Members
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<(string Name, object? Value)> Of(object value)
    {
        var type = value.GetType();
        Check(type);
        var fields = type.GetFields(Own).Select(f => (Checked(f).Name, f.FieldType, Value: f.GetValue(value)));
        var properties = type.GetProperties(Own)
            .Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
            .Select(p => (Checked(p).Name, p.PropertyType, Value: Get(p, value)));
        return fields.Concat(properties).Where(m => Shown(m.Item2, m.Value)).Select(m => (m.Name, m.Value));
    }

    // Verify leaves obsolete members out, and some of those that throw.
    private static MemberInfo Checked(MemberInfo member) => member.IsDefined(typeof(ObsoleteAttribute))
        ? throw Scalars.Refusal($"the obsolete member {member.DeclaringType!.Name}.{member.Name}")
        : member;

    private static object? Get(PropertyInfo property, object of)
    {
        try
        {
            return property.GetValue(of);
        }
        catch (TargetInvocationException e)
        {
            throw Scalars.Refusal($"{property.DeclaringType!.Name}.{property.Name}, which throws {e.InnerException!.GetType().Name},");
        }
    }

    private static void Check(Type type)
    {
        var known = type.Namespace is { } space &&
            (Under(space, "System") || Under(space, "Microsoft") || Under(space, "Newtonsoft"));
        var derived = !type.IsValueType && type.BaseType != typeof(object);
        if (known || derived || typeof(ITuple).IsAssignableFrom(type))
        {
            throw Scalars.Refusal($"a {type.FullName}");
        }
    }

    private static bool Under(string space, string root) =>
        string.Equals(space, root, StringComparison.Ordinal) || space.StartsWith(root + ".", StringComparison.Ordinal);

    /// <summary>Null, the type's default and empty collections say nothing; false and a nullable zero do.</summary>
    private static bool Shown(Type declared, object? value)
    {
        if (value is null || Sequences.IsEmpty(value))
        {
            return false;
        }

        var plain = declared.IsValueType && declared != typeof(bool) && Nullable.GetUnderlyingType(declared) is null;
        return !plain || !value.Equals(RuntimeHelpers.GetUninitializedObject(declared));
    }
}
