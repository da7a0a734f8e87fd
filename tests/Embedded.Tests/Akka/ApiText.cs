using System.Reflection;
using System.Runtime.CompilerServices;

namespace Embedded.Tests.Actors;

/// <summary>Writes the public surface of an assembly as text, a line for each member.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The types that other assemblies see.</summary>
    public static IEnumerable<Type> VisibleTypes(Assembly assembly) =>
        assembly.GetTypes().Where(IsVisible).OrderBy(NameOf, StringComparer.Ordinal);

    public static string NameOf(Type type) =>
        type.IsNested ? NameOf(type.DeclaringType!) + "+" + type.Name : type.Namespace + "." + type.Name;

    /// <summary>The members that a type itself declares and other assemblies see.</summary>
    public static IEnumerable<string> MembersOf(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared).Where(c => IsVisible(c) && !c.IsStatic))
            yield return $"{AccessOf(constructor)} new({Parameters(constructor)})";
        foreach (var method in type.GetMethods(Declared).Where(IsVisible))
            yield return Line(type, method);
        foreach (var field in type.GetFields(Declared).Where(f => !f.IsSpecialName))
        {
            if (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly)
                yield return $"{(field.IsPublic ? "public" : "protected")}{(field.IsStatic ? " static" : "")} "
                    + $"{Short(field.FieldType)} {field.Name}";
        }
    }

    private static string Line(Type type, MethodInfo method)
    {
        var kind = method.IsStatic ? " static"
            : type.IsInterface || type.IsSealed ? ""
            : method.IsAbstract ? " abstract"
            : method is { IsVirtual: true, IsFinal: false } ? " virtual" : "";
        var generic = method.IsGenericMethodDefinition ? "`" + method.GetGenericArguments().Length : "";
        var constraints = string.Concat(method.GetGenericArguments().Select(Constraints));
        return $"{AccessOf(method)}{kind} {Short(method.ReturnType)} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    private static string Constraints(Type argument)
    {
        var types = argument.GetGenericParameterConstraints().Select(Short).Order(StringComparer.Ordinal).ToList();
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            types.Insert(0, "class");
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            types.Add("new()");
        return types.Count == 0 ? "" : $" where {Short(argument)}: {string.Join(", ", types)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        (p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
            + (method.IsDefined(typeof(ExtensionAttribute)) && p.Position == 0 ? "this " : "")
            + (p.IsOut ? "out " : "") + Short(p.ParameterType) + " " + p.Name
            + (p.HasDefaultValue ? " = " + (p.RawDefaultValue ?? "null") : "")));

    private static string Short(Type type)
    {
        if (type.IsByRef || type.IsArray)
            return Short(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        if (type.IsGenericParameter)
            return (type.DeclaringMethod != null ? "!!" : "!") + type.GenericParameterPosition;
        var name = type.IsNested ? Short(type.DeclaringType!) + "+" + type.Name : type.Name;
        return type.IsGenericType ? $"{name}<{string.Join(",", type.GetGenericArguments().Select(Short))}>" : name;
    }

    private static string AccessOf(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(Type type) => type.IsPublic
        || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));
}
