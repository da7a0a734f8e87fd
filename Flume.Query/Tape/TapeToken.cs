using Flume.Query.Json;

namespace Flume.Query.Tape;

/// <summary>One value of a decoded text, as the tape holds it.</summary>
internal struct TapeToken
{
    /// <summary>Its first byte; for a string the one behind the quote.</summary>
    public int Start;

    /// <summary>Its bytes; for a string those between the quotes.</summary>
    public int Length;

    /// <summary>The first byte of its name inside the quotes, when it is a member.</summary>
    public int NameStart;

    /// <summary>The bytes of its name, or -1 when it is no member.</summary>
    public int NameLength;

    /// <summary>
    /// For an object or array the token behind its subtree (while it is open: the one that contains it). For a string
    /// with escapes where its unescaped form stands in the tape's arena, complemented; 0 before it was asked for.
    /// </summary>
    public int Link;

    /// <summary>How many objects and arrays it is in.</summary>
    public int Depth;

    /// <summary>What it is.</summary>
    public JsKind Kind;

    /// <summary>What its bytes alone do not say.</summary>
    public TapeFlags Flags;
}

/// <summary>What the bytes of a token alone do not say.</summary>
[Flags]
internal enum TapeFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The boolean is true.</summary>
    True = 1,

    /// <summary>The string's bytes are not its UTF-8: it has escapes, or bytes that are no UTF-8.</summary>
    Escaped = 2,

    /// <summary>The same of its name.</summary>
    NameEscaped = 4,
}
