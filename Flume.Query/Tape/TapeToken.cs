using Flume.Query.Json;

namespace Flume.Query.Tape;

/// <summary>One value of a parsed text, as the tape stores it.</summary>
internal struct TapeToken
{
    /// <summary>The position of its first byte; for a string, of the byte after the quote.</summary>
    public int Start;

    /// <summary>The number of its bytes; for a string, of those between the quotes.</summary>
    public int Length;

    /// <summary>The position of its name's first byte inside the quotes, if it is a member.</summary>
    public int NameStart;

    /// <summary>The number of its name's bytes, or -1 if it is not a member.</summary>
    public int NameLength;

    /// <summary>
    /// For an object or array, the index of the token after its subtree (while it is open: of its container). For a
    /// string with escapes, the complement of its unescaped form's position in the arena; 0 before its first use.
    /// </summary>
    public int Link;

    /// <summary>The number of objects and arrays around it.</summary>
    public int Depth;

    /// <summary>The value's kind.</summary>
    public JsKind Kind;

    /// <summary>The value's flags.</summary>
    public TapeFlags Flags;
}

/// <summary>The flags of a token.</summary>
[Flags]
internal enum TapeFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The boolean is true.</summary>
    True = 1,

    /// <summary>The string's bytes differ from its UTF-8: it has escapes, or invalid UTF-8.</summary>
    Escaped = 2,

    /// <summary>The same for its name.</summary>
    NameEscaped = 4,
}
