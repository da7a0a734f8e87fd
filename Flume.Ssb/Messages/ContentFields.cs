using Flume.Query.Tape;

namespace Flume.Ssb.Messages;

/// <summary>The members of an object content that several views read, found in one pass.</summary>
/// <remarks>
/// The last of several members with one name counts. A missing member is undefined. Content that is not an object has
/// only undefined members.
/// </remarks>
public sealed class ContentFields
{
    /// <summary><c>content.type</c>.</summary>
    public TapeValue Type { get; private set; }

    /// <summary><c>content.root</c>.</summary>
    public TapeValue Root { get; private set; }

    /// <summary><c>content.text</c>.</summary>
    public TapeValue Text { get; private set; }

    /// <summary><c>content.about</c>.</summary>
    public TapeValue About { get; private set; }

    /// <summary><c>content.channel</c>.</summary>
    public TapeValue Channel { get; private set; }

    /// <summary><c>content.contact</c>.</summary>
    public TapeValue Contact { get; private set; }

    /// <summary><c>content.content</c>, if the content wraps another one.</summary>
    internal TapeValue Content { get; private set; }

    /// <summary><c>content.value</c>, if the content wraps a whole message.</summary>
    internal TapeValue Value { get; private set; }

    internal void Find(TapeValue content)
    {
        Type = Root = Text = About = Channel = Contact = Content = Value = default;
        foreach (TapeValue member in content)
        {
            ReadOnlySpan<byte> name = member.NameUtf8;
            switch (name.Length)
            {
                case 4 when name.SequenceEqual("type"u8): Type = member; break;
                case 4 when name.SequenceEqual("root"u8): Root = member; break;
                case 4 when name.SequenceEqual("text"u8): Text = member; break;
                case 5 when name.SequenceEqual("about"u8): About = member; break;
                case 5 when name.SequenceEqual("value"u8): Value = member; break;
                case 7 when name.SequenceEqual("content"u8): Content = member; break;
                case 7 when name.SequenceEqual("channel"u8): Channel = member; break;
                case 7 when name.SequenceEqual("contact"u8): Contact = member; break;
            }
        }
    }
}
