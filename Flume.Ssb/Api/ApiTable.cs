using Flume.Query.Json;

namespace Flume.Ssb.Api;

/// <summary>All methods of Flume. HTTP, the command line and muxrpc serve this table.</summary>
public sealed class ApiTable
{
    private readonly Dictionary<string, ApiMethod> _byName;

    /// <summary>A table of the given methods.</summary>
    /// <exception cref="ArgumentException">Two methods share a name.</exception>
    public ApiTable(IEnumerable<ApiMethod> methods)
    {
        _byName = methods.ToDictionary(method => method.Name, StringComparer.Ordinal);
        Methods = [.. _byName.Values.OrderBy(method => method.Name, StringComparer.Ordinal)];
    }

    /// <summary>All methods in the order of their names.</summary>
    public IReadOnlyList<ApiMethod> Methods { get; }

    /// <summary>False if no method has that dotted name.</summary>
    public bool TryGet(string name, out ApiMethod method) => _byName.TryGetValue(name, out method!);

    /// <summary>muxrpc's manifest: method names with their kinds, nested by the parts of the name.</summary>
    public JsValue Manifest()
    {
        JsObject root = new();
        foreach (ApiMethod method in Methods)
        {
            JsObject at = root;
            for (int i = 0; i < method.Path.Count - 1; i++)
            {
                if (!at.TryGet(method.Path[i], out JsValue group))
                    at.Set(method.Path[i], group = JsValue.From(new JsObject()));
                at = group.AsObject;
            }
            at.Set(method.Path[^1], JsValue.From(method.Kind.ToString().ToLowerInvariant()));
        }
        return JsValue.From(root);
    }
}
