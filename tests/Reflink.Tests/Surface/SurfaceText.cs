using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Reflink.Tests.Surface;

/// <summary>What an assembly shows to those who use it: every public type and member, sorted, as C# declares it.</summary>
internal static class SurfaceText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var types = assembly.GetExportedTypes();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{types.Length} public types\n");
        foreach (var space in types.GroupBy(t => t.Namespace).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nnamespace {space.Key}\n");
            foreach (var type in space.OrderBy(TypeText.Of, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{Header(type)}\n");
                foreach (var member in Members(type).Order(StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $"    {member}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        if (type.IsAssignableTo(typeof(Delegate)))
        {
            return $"delegate {Signature(type.GetMethod("Invoke")!, TypeText.Of(type))}";
        }

        if (type.IsEnum)
        {
            return $"{(type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] " : "")}enum {TypeText.Of(type)}";
        }

        var isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        var kind = type.IsInterface ? "interface"
            : type.IsValueType ? $"{(type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{(isRecord ? "record " : "")}struct"
            : $"{(type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(isRecord ? "record" : "class")}";
        var above = Above(type).ToList();
        return $"{kind} {TypeText.Of(type)}{(above.Count == 0 ? "" : " : " + string.Join(", ", above))}";
    }

    // The base class and the interfaces that the type itself declares; every record is equatable.
    private static IEnumerable<string> Above(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return TypeText.Of(parent);
        }

        var inherited = type.GetInterfaces().SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        foreach (var own in type.GetInterfaces().Where(i => i.IsVisible && !inherited.Contains(i) && i.Name != "IEquatable`1").Select(TypeText.Of).Order(StringComparer.Ordinal))
        {
            yield return own;
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(n => $"{Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture),6} {n}");
        }

        return type.IsAssignableTo(typeof(Delegate))
            ? []
            : [
                .. type.GetConstructors(Declared).Where(c => IsShown(c) && !IsCopy(c)).Select(c => $"{type.Name.Split('`')[0]}({Parameters(c)})"),
                .. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(Field),
                .. type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsShown) && p.Name != "EqualityContract").Select(Property),
                .. type.GetMethods(Declared).Where(m => IsShown(m) && IsOwn(m)).Select(m => Signature(m, Name(m))),
            ];
    }

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsCopy(ConstructorInfo constructor) => constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static bool IsOwn(MethodInfo method) => !method.IsDefined(typeof(CompilerGeneratedAttribute))
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && method.GetBaseDefinition().DeclaringType != typeof(object) && method.GetBaseDefinition().DeclaringType != typeof(ValueType);

    private static string Name(MethodInfo method) => method.Name.StartsWith("op_", StringComparison.Ordinal)
        ? $"operator {method.Name[3..]}"
        : method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Of))}>" : method.Name;

    private static string Signature(MethodInfo method, string name) =>
        $"{Modifiers(method)}{(method.ReturnType.IsByRef ? "ref " : "")}{TypeText.Of(method.ReturnParameter)} {name}({Parameters(method)})";

    private static string Modifiers(MethodBase method) => method.DeclaringType!.IsInterface || method.DeclaringType.IsAssignableTo(typeof(Delegate)) ? ""
        : $"{(method.IsPublic ? "" : "protected ")}{(method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method is MethodInfo m && m.GetBaseDefinition() != m ? "override " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "")}";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{(p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "")}{TypeText.Of(p)} {p.Name}{(p.HasDefaultValue ? " = " + Value(p.ParameterType, p.DefaultValue) : "")}"));

    private static string Value(Type type, object? value) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ when type.IsEnum => Enum.ToObject(type, value).ToString()!.Replace(", ", " | ", StringComparison.Ordinal),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {TypeText.Of(field)} {field.Name} = {Value(field.FieldType, field.GetRawConstantValue())}"
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeText.Of(field)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var shown = property.GetAccessors(true).First(IsShown);
        var name = property.GetIndexParameters().Length == 0 ? property.Name : $"this[{string.Join(", ", property.GetIndexParameters().Select(p => $"{TypeText.Of(p)} {p.Name}"))}]";
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? false;
        var get = property.GetMethod is { } getter && IsShown(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && IsShown(setter) ? isInit ? "init; " : "set; " : "";
        return $"{Modifiers(shown)}{(shown is { ReturnType.IsByRef: true } ? "ref " : "")}{TypeText.Of(property)} {name} {{ {get}{set}}}";
    }
}
