namespace Flume.Tools.Generate.Planning;

/// <summary>
/// The subject of a generated message. It determines the content's <c>type</c>, which can have another name.
/// </summary>
internal enum MessageKind
{
    /// <summary>A public post: the start of a thread, or a reply.</summary>
    Post,

    /// <summary>A vote on a public post.</summary>
    Vote,

    /// <summary>A private box for one to seven readers.</summary>
    Private,

    /// <summary>A follow, an unfollow, a block or the end of one.</summary>
    Contact,

    /// <summary>A name, image or description of an author or of a gathering.</summary>
    About,

    /// <summary>A subscription to a channel, or its end.</summary>
    Channel,

    /// <summary>The address of a pub.</summary>
    Pub,

    /// <summary>A git repository or an update to one.</summary>
    Git,

    /// <summary>A gathering: an event that abouts describe.</summary>
    Gathering,

    /// <summary>One of many types that no view indexes.</summary>
    Application,

    /// <summary>Valid, unusual, and understood by JavaScript: <see cref="OddVariant"/>.</summary>
    Odd,

    /// <summary>Valid, but stops a view of the JavaScript stack: <see cref="PoisonVariant"/>.</summary>
    Poison,
}
