using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Flume.Views.Projections;

/// <summary>The default JSON options of typed events and rows.</summary>
public static class EventJson
{
    /// <summary>
    /// The options of ASP.NET Core, with strict required members. JSON without a required constructor
    /// parameter, or with null for a member that is not nullable, does not match the event type.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };
}
