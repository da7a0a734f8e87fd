using System.IO.Hashing;
using System.Text;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;

namespace Flume.Views.Registered;

/// <summary>What a view is registered with: everything needed to make it again after a restart.</summary>
/// <param name="Name">The view's name.</param>
/// <param name="Kind"><see cref="ViewKind.Declared"/> or <see cref="ViewKind.Client"/>.</param>
/// <param name="Version">Rows of another version are rebuilt.</param>
/// <param name="Json">As the registration gave it: <c>{"query":[…]}</c>, or <c>{"version":1}</c>.</param>
public sealed record ViewDefinition(string Name, ViewKind Kind, int Version, string Json)
{
    // Part of every declared view's version: another layout of rows is a rebuild.
    private const string RowFormat = "1:";

    private static readonly string[] Reserved = ["rebuild", "cancel", "pause", "resume", "budget", "check", "registry"];

    /// <summary>A view that a query declares. Its version is a number made of the query.</summary>
    /// <exception cref="QueryException">The query can't be kept up to date, and why.</exception>
    /// <exception cref="ArgumentException">The name can't be one.</exception>
    public static ViewDefinition Declared(string name, JsArray query)
    {
        CheckName(name);
        IncrementalQuery.Compile(query);
        return Of(name, ViewKind.Declared, JsValue.From(new JsObject().Set("query", JsValue.From(query))).ToJson());
    }

    /// <summary>A view whose code a client runs.</summary>
    /// <exception cref="ArgumentException">The name can't be one, or the version is below 1.</exception>
    public static ViewDefinition Client(string name, int version)
    {
        CheckName(name);
        if (version < 1)
            throw new ArgumentException($"View '{name}' can't have version {version}: expected a whole number from 1.");
        return new(name, ViewKind.Client, version, $$"""{"version":{{version}}}""");
    }

    /// <summary>A definition that was checked when it was made: one that a journal has kept.</summary>
    internal static ViewDefinition Of(string name, ViewKind kind, string json) =>
        new(name, kind, VersionOf(kind, json), json);

    /// <summary>The view.</summary>
    /// <exception cref="QueryException">This version of Flume can't keep its query up to date.</exception>
    internal IRegisteredView ToView(RegisteredLimits limits) => Kind == ViewKind.Declared
        ? DeclaredView.Create(this, limits)
        : new ClientView(this);

    private static int VersionOf(ViewKind kind, string json) => kind == ViewKind.Declared
        ? (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(RowFormat + json)) & int.MaxValue)
        : (int)JsValue.Parse(json)["version"].AsNumber;

    private static void CheckName(string name)
    {
        if (!ViewCatalog.IsName(name) || Array.IndexOf(Reserved, name) >= 0)
        {
            throw new ArgumentException(
                $"A view can't be named '{name}': expected 1 to 64 lower-case letters, digits and dashes, " +
                $"and none of {string.Join(", ", Reserved)}.");
        }
    }
}
