namespace Flume.Ssb.Messages;

/// <summary>The reason why a record is not a message.</summary>
public enum MessageFault : byte
{
    /// <summary>The record is a message.</summary>
    None,

    /// <summary>The bytes are all zero or empty: the record was deleted.</summary>
    Deleted,

    /// <summary>The bytes are not JSON.</summary>
    NotJson,

    /// <summary>The JSON is not an object.</summary>
    NotObject,

    /// <summary>The record has no string <c>key</c>.</summary>
    NoKey,

    /// <summary>The record has no object <c>value</c>.</summary>
    NoValue,
}
