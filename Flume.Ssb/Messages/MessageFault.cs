namespace Flume.Ssb.Messages;

/// <summary>Why a record is no message.</summary>
public enum MessageFault : byte
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Its bytes are all zero, or there are none: the record was deleted.</summary>
    Deleted,

    /// <summary>Its bytes are not JSON.</summary>
    NotJson,

    /// <summary>Its JSON is no object.</summary>
    NotObject,

    /// <summary>It has no string <c>key</c>.</summary>
    NoKey,

    /// <summary>It has no object <c>value</c>.</summary>
    NoValue,
}
