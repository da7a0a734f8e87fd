using Flume.Query.Json;

namespace Flume.Ssb.Api;

/// <summary>Answers <c>help</c> with the summaries of all methods or of one group.</summary>
internal static class Help
{
    /// <summary>
    /// The methods of <paramref name="group"/> without the group's prefix. "" selects the whole table.
    /// </summary>
    internal static JsValue Of(string group) => Of(group, BuiltInApi.Table);

    /// <summary>As the other overload, for a given table.</summary>
    internal static JsValue Of(string group, ApiTable table)
    {
        JsObject commands = new();
        foreach (ApiMethod method in table.Methods)
        {
            bool within = group.Length == 0
                ? method.Path.Count == 1 : method.Path.Count == 2 && method.Path[0] == group;
            if (!within) continue;
            commands.Set(method.Path[^1], JsValue.From(new JsObject()
                .Set("type", JsValue.From(method.Kind.ToString().ToLowerInvariant()))
                .Set("description", JsValue.From(method.Summary))
                .Set("args", JsValue.From(new JsObject()))));
        }
        return JsValue.From(new JsObject()
            .Set("description", JsValue.From(group.Length == 0 ? "Flume answers as ssb-db does" : group))
            .Set("commands", JsValue.From(commands)));
    }
}
