namespace Flume.Tools.Generate.Planning;

/// <summary>
/// The unusual property of an odd message. All variants are valid, and the JavaScript stack indexes all of them.
/// </summary>
internal enum OddVariant
{
    /// <summary>Claims a time before the author's last message.</summary>
    ClockBackwards,

    /// <summary>Claims a time years ahead.</summary>
    FutureDated,

    /// <summary>Claims a time with a fraction of a millisecond.</summary>
    FractionalClock,

    /// <summary>Writes the author before the sequence.</summary>
    AuthorFirst,

    /// <summary>Exactly 8,192 UTF-16 units in canonical form: the longest message there can be.</summary>
    Longest,

    /// <summary>A type of 52 characters, the longest there can be.</summary>
    LongestType,

    /// <summary>A type of more than 32 characters on a message that otherwise is a post.</summary>
    LongType,

    /// <summary>A type of three characters, the shortest there can be.</summary>
    ShortestType,

    /// <summary>Keys that JavaScript moves to the front because they look like array indexes.</summary>
    IntegerKeys,

    /// <summary>Numbers at the edges of a double, in JavaScript's spelling.</summary>
    Numbers,

    /// <summary>Halves of surrogate pairs, which UTF-8 can't hold and JSON escapes.</summary>
    LoneSurrogates,

    /// <summary>Control characters, a NUL, DEL, line separators, a byte order mark.</summary>
    ControlCharacters,

    /// <summary>A vote whose value is a string and whose link is no id.</summary>
    BentVote,

    /// <summary>A contact that names no feed.</summary>
    BentContact,

    /// <summary>An about whose name is a number and whose image is empty.</summary>
    BentAbout,

    /// <summary>Mentions that are an object with integer-like keys.</summary>
    MentionsObject,

    /// <summary>Mentions that are bare ids, one of them of a message that does not exist.</summary>
    MentionsStrings,

    /// <summary>A reply to a message that is in no log, with no branches.</summary>
    DanglingRoot,

    /// <summary>A post without text.</summary>
    NoText,

    /// <summary>A post whose text is a number and whose channel is empty.</summary>
    BentText,

    /// <summary>A channel with spaces, capitals and punctuation, longer than a hashtag may be.</summary>
    BentChannel,

    /// <summary>Objects and arrays, thirty deep.</summary>
    Deep,

    /// <summary>Keys that are empty, escaped, or built-in names of JavaScript.</summary>
    BentKeys,

    /// <summary>Encrypted for a private group: a string that ends in .box2.</summary>
    GroupBox,

    /// <summary>A string that ends in .box but that no key opens.</summary>
    BrokenBox,
}

/// <summary>The poison of a message: a JavaScript view that reads it stops permanently (docs/spec 8.1).</summary>
internal enum PoisonVariant
{
    /// <summary>The root is an object: stops ssb-query.</summary>
    RootObject,

    /// <summary>The channel is an object: stops ssb-query.</summary>
    ChannelObject,

    /// <summary>The mentions are [null]: stops links and links2.</summary>
    NullMention,

    /// <summary>A mentioned feed's name is a number: stops links2.</summary>
    NumberAsName,
}
