using System.Reflection;
using Flume.Query.Json;
using Flume.Views.Registered;

namespace Flume.Views;

/// <summary>Reads the origin of a view.</summary>
internal static class ViewOrigin
{
    /// <summary>The kind of the view.</summary>
    public static ViewKind KindOf(IView view) =>
        view is IRegisteredView registered ? registered.Definition.Kind
        : view.GetType().Assembly.IsDefined(typeof(BuiltInViewsAttribute), inherit: false) ? ViewKind.BuiltIn
        : ViewKind.PlugIn;

    /// <summary>The JSON of its registration or configuration; null for a built-in view.</summary>
    public static string? DefinitionOf(IView view)
    {
        if (view is IRegisteredView registered) return registered.Definition.Json;
        if (KindOf(view) == ViewKind.BuiltIn) return null;
        Assembly assembly = view.GetType().Assembly;
        string file = assembly.Location.Length > 0 ? assembly.Location : assembly.GetName().Name!;
        return JsValue.From(new JsObject()
            .Set("assembly", JsValue.From(file)).Set("type", JsValue.From(view.GetType().FullName))).ToJson();
    }
}
