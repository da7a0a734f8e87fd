using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.Views.Records;

namespace Flume.Sql.Rows;

/// <summary>Turns a decoded record into rows (docs/sql.md, "What a message becomes").</summary>
/// <remarks>
/// Total: what cannot become a row is left out, part by part. Rows depend on the record and on the numbers that
/// <see cref="IIdSource"/> gave earlier ids, so records must come in log order.
/// </remarks>
internal sealed class RowExtractor(SqlOptions options, IIdSource ids)
{
    /// <summary>Messages that were left out since a message of their key is stored already.</summary>
    internal long Repeated { get; private set; }

    /// <summary>Adds the rows of a record; false when it is no JSON or no new message, and has no row.</summary>
    internal bool Extract(DecodedRecord record, RowBlock rows)
    {
        if (record is not DecodedMessage { IsMessage: true } message) return ExtractRecord(record, rows);
        if (!ids.TryOwnKey(message.Key.Utf8, out long key))
        {
            Repeated++;
            return false;
        }

        ref MessageRow row = ref rows.Messages.Add();
        row = new MessageRow
        {
            FlumeSeq = message.Offset.Value,
            KeyId = key,
            AuthorId = message.Author.IsString ? ids.Author(message.Author.Utf8) : 0,
            Sequence = Whole(message.Sequence.Number),
            Received = message.Received.Number,
            Asserted = message.Claimed.Number,
            IsDecrypted = message.IsPrivate,
            Type = BlockText.None,
            AuthorKey = BlockText.None,
            KeyText = BlockText.None,
            Content = BlockText.None,
        };
        if (options.Layout == SqlLayout.Text)
        {
            row.KeyText = rows.Add(message.Key.Utf8);
            if (message.Author.IsString) row.AuthorKey = rows.Add(message.Author.Utf8);
        }

        ExtractContent(message, ref row, rows);
        return true;
    }

    private bool ExtractRecord(DecodedRecord record, RowBlock rows)
    {
        if (!record.IsJson) return false;
        ref TextRow row = ref rows.Records.Add();
        row.Id = record.Offset.Value;
        row.Text = options.Layout == SqlLayout.Bare ? BlockText.None : rows.Add(record.Payload.Span);
        return true;
    }

    private void ExtractContent(DecodedMessage message, ref MessageRow row, RowBlock rows)
    {
        TapeValue content = message.Content;
        bool isSealed = content.IsString && !message.IsPrivate;
        if (isSealed || content.IsUndefined)
        {
            row.Content = rows.Add("null"u8);
            return;
        }

        if (options.Layout != SqlLayout.Bare)
            row.Content = content.IsString ? rows.AddQuoted(content.Raw) : rows.Add(content.Raw);
        ContentMembers members = ContentMembers.Of(content);
        if (members.Type.IsString) row.Type = rows.Add(members.Type.Utf8);
        row.RootId = KeyOf(members.Root);
        row.ForkId = KeyOf(members.Fork);
        AddBranches(row, members.Branch, rows);
        if (members.Type.Is("vote"u8)) AddVote(row, members.Vote, rows);
        else AddLinks(row, content, rows);
        if (members.Contact.IsString) AddContact(row, members, rows);
        if (members.About.IsString) AddAbout(row, members.About.Utf8, rows);
        if (options.FullText && members.Type.IsString && members.Text.IsString)
            rows.Texts.Add() = new TextRow { Id = row.KeyId, Text = rows.Add(members.Text.Utf8) };
    }

    private long KeyOf(TapeValue value) => value.IsString ? ids.Key(value.Utf8) : 0;

    private void AddBranches(in MessageRow row, TapeValue branch, RowBlock rows)
    {
        if (branch.IsString) AddBranch(row, branch, 0, rows);
        if (branch.Kind != JsKind.Array) return;
        int ordinal = 0;
        foreach (TapeValue item in branch)
        {
            if (item.IsString) AddBranch(row, item, ordinal++, rows);
        }
    }

    private void AddBranch(in MessageRow row, TapeValue branch, int ordinal, RowBlock rows) =>
        rows.Branches.Add() = new LinkRow
        {
            Id = row.FlumeSeq + ordinal,
            From = row.KeyId,
            To = ids.Key(branch.Utf8),
        };

    private void AddVote(in MessageRow row, TapeValue vote, RowBlock rows)
    {
        TapeValue value = vote["value"u8], link = vote["link"u8];
        if (!value.IsNumber || !link.IsString || row.AuthorId == 0) return;
        rows.Votes.Add() = new VoteEvent(row.FlumeSeq, row.AuthorId, ids.Key(link.Utf8), value.Number == 1);
    }

    private void AddContact(in MessageRow row, in ContentMembers members, RowBlock rows)
    {
        if (row.AuthorId == 0) return;
        int state = members.Blocking.IsTrue ? -1 : members.Following.IsTrue ? 1 : 0;
        long contact = ids.Author(members.Contact.Utf8);
        rows.Contacts.Add() = new ContactEvent(row.FlumeSeq, row.AuthorId, contact, row.IsDecrypted, state);
    }

    private void AddAbout(in MessageRow row, ReadOnlySpan<byte> about, RowBlock rows)
    {
        byte sigil = about.IsEmpty ? (byte)0 : about[0];
        rows.Abouts.Add() = new AboutRow
        {
            Id = row.FlumeSeq,
            From = row.KeyId,
            Author = sigil == '@' ? ids.Author(about) : 0,
            Key = sigil == '%' ? ids.Key(about) : 0,
        };
    }

    /// <summary>Every member named <c>link</c>, at any depth, whose value is a string that begins like an id.</summary>
    private void AddLinks(in MessageRow row, TapeValue content, RowBlock rows)
    {
        int links = 0, mentions = 0, blobs = 0;
        for (int i = content.Index + 1, end = content.Next; i < end;)
        {
            TapeValue value = content.On(i);
            bool isLink = value.IsString && value.NameIs("link"u8);
            bool isContainer = value.Kind >= JsKind.Array;
            if (isContainer && value.IsMember && IsReplaced(value, end))
            {
                i = value.Next;
                continue;
            }

            if (isLink && !IsReplaced(value, end)) AddLink(row, value, rows, ref links, ref mentions, ref blobs);
            i++;
        }
    }

    private void AddLink(
        in MessageRow row, TapeValue link, RowBlock rows, ref int links, ref int mentions, ref int blobs)
    {
        ReadOnlySpan<byte> id = link.Utf8;
        if (id.IsEmpty) return;
        if (id[0] == '%') rows.Links.Add() = Row(row, links++, ids.Key(id));
        else if (id[0] == '@') rows.Mentions.Add() = Row(row, mentions++, ids.Author(id));
        else if (id[0] == '&') rows.BlobLinks.Add() = Row(row, blobs++, ids.Blob(id));
    }

    private static LinkRow Row(in MessageRow from, int ordinal, long to) =>
        new() { Id = from.FlumeSeq + ordinal, From = from.KeyId, To = to };

    /// <summary>True when a later member of the same object has the same name.</summary>
    private static bool IsReplaced(TapeValue member, int end)
    {
        int depth = member.Depth;
        for (int i = member.Next; i < end;)
        {
            TapeValue sibling = member.On(i);
            if (sibling.Depth != depth) return false;
            if (sibling.IsMember && sibling.NameIs(member.NameUtf8)) return true;
            i = sibling.Next;
        }

        return false;
    }

    private static long? Whole(double number) =>
        Math.Abs(number) < (1L << 53) && number == Math.Floor(number) ? (long)number : null;
}
