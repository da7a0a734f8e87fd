using Flume.Query.Json;
using Flume.Query.Tape;

namespace Flume.Sql.Rows;

/// <summary>
/// The members of a content that rows are made of, found in one walk; of several of one name the last counts.
/// </summary>
internal struct ContentMembers
{
    internal TapeValue Type, Root, Fork, Branch, About, Contact, Following, Blocking, Vote, Text;

    /// <summary>Finds them; all are undefined when the content is no object.</summary>
    internal static ContentMembers Of(TapeValue content)
    {
        ContentMembers found = default;
        if (content.Kind != JsKind.Object) return found;
        foreach (TapeValue member in content)
        {
            ReadOnlySpan<byte> name = member.NameUtf8;
            switch (name.Length)
            {
                case 4: found.TakeShort(name, member); break;
                case 5 when name.SequenceEqual("about"u8): found.About = member; break;
                case 6 when name.SequenceEqual("branch"u8): found.Branch = member; break;
                case 7 when name.SequenceEqual("contact"u8): found.Contact = member; break;
                case 8 when name.SequenceEqual("blocking"u8): found.Blocking = member; break;
                case 9 when name.SequenceEqual("following"u8): found.Following = member; break;
            }
        }

        return found;
    }

    private void TakeShort(ReadOnlySpan<byte> name, TapeValue member)
    {
        if (name.SequenceEqual("type"u8)) Type = member;
        else if (name.SequenceEqual("root"u8)) Root = member;
        else if (name.SequenceEqual("fork"u8)) Fork = member;
        else if (name.SequenceEqual("vote"u8)) Vote = member;
        else if (name.SequenceEqual("text"u8)) Text = member;
    }
}
