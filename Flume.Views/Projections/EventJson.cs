using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Flume.Views.Projections;

/// <summary>How typed events are read and written unless a program says otherwise.</summary>
public static class EventJson
{
    /// <summary>
    /// The options of ASP.NET Core, and strict about what must be there: null for a member that is not nullable, and a
    /// missing constructor parameter without a default, are no event of the type.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };
}
