namespace Flume.Query.Json;

/// <summary>The JavaScript kinds of value that JSON and queries use.</summary>
public enum JsKind : byte
{
    /// <summary>No value: a missing member.</summary>
    Undefined,

    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>An IEEE double.</summary>
    Number,

    /// <summary>A sequence of UTF-16 units, well-formed or not.</summary>
    String,

    /// <summary>A list of values.</summary>
    Array,

    /// <summary>Members by name, in JavaScript's order.</summary>
    Object,
}
