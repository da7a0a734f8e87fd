using System.IO.Hashing;
using System.Text;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;

namespace Flume.Views.Registered;

/// <summary>The registration of a view. It contains all data to recreate the view after a restart.</summary>
/// <param name="Name">The view's name.</param>
/// <param name="Kind"><see cref="ViewKind.Declared"/> or <see cref="ViewKind.Client"/>.</param>
/// <param name="Version">The version of the rows. Another version causes a rebuild.</param>
/// <param name="Json">The JSON of the registration: <c>{"query":[…]}</c>, or <c>{"version":1}</c>.</param>
public sealed record ViewDefinition(string Name, ViewKind Kind, int Version, string Json)
{
    // Part of every declared view's version. A new row layout causes a rebuild.
    private const string RowFormat = "1:";

    // Answers that show the query, and their readers, nest a few levels around it.
    private const int DepthMax = 56;

    /// <summary>A view that a query declares. Its version is a hash of the query.</summary>
    /// <exception cref="QueryException">The query cannot be evaluated incrementally; the message gives the
    /// cause.</exception>
    /// <exception cref="ArgumentException">The name is invalid, or the query nests too deep.</exception>
    public static ViewDefinition Declared(string name, JsArray query)
    {
        CheckName(name);
        if (!IsFlat(JsValue.From(query), DepthMax))
            throw new ArgumentException($"The query of a view can't nest more than {DepthMax} deep. Make it flatter.");
        IncrementalQuery.Compile(query);
        return Of(name, ViewKind.Declared, JsValue.From(new JsObject().Set("query", JsValue.From(query))).ToJson());
    }

    /// <summary>A view whose code runs in a client.</summary>
    /// <exception cref="ArgumentException">The name is invalid, or the version is below 1.</exception>
    public static ViewDefinition Client(string name, int version)
    {
        CheckName(name);
        if (version < 1)
            throw new ArgumentException($"View '{name}' cannot have version {version}: expected an integer from 1.");
        return new(name, ViewKind.Client, version, $$"""{"version":{{version}}}""");
    }

    /// <summary>A definition from a journal, which was validated when it was created.</summary>
    internal static ViewDefinition Of(string name, ViewKind kind, string json) =>
        new(name, kind, VersionOf(kind, json), json);

    /// <summary>The view.</summary>
    /// <exception cref="QueryException">This version of Flume cannot evaluate the query incrementally.</exception>
    internal IRegisteredView ToView(RegisteredLimits limits) => Kind == ViewKind.Declared
        ? DeclaredView.Create(this, limits)
        : new ClientView(this);

    private static int VersionOf(ViewKind kind, string json) => kind == ViewKind.Declared
        ? (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(RowFormat + json)) & int.MaxValue)
        : (int)JsValue.Parse(json)["version"].AsNumber;

    private static bool IsFlat(JsValue value, int left)
    {
        if (!value.IsArray && !value.IsObject) return true;
        if (left == 0) return false;
        return value.IsArray
            ? value.AsArray.All(item => IsFlat(item, left - 1))
            : value.AsObject.All(member => IsFlat(member.Value, left - 1));
    }

    private static void CheckName(string name)
    {
        if (!ViewCatalog.IsName(name) || ViewCatalog.IsReserved(name))
        {
            throw new ArgumentException(
                $"A view cannot be named '{name}': expected 1 to 64 lower-case letters, digits and dashes, " +
                $"and none of {ViewCatalog.ReservedNames}.");
        }
    }
}
