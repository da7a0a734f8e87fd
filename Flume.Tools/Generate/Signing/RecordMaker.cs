using System.Security.Cryptography;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.Tools.Generate.Contents;
using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Signing;

/// <summary>Creates records from plans: writes the content, boxes it, signs the message and computes its id.</summary>
/// <remarks>
/// One per thread; it reads the ids of earlier messages from the shared feed states and adds its own.
/// </remarks>
internal sealed class RecordMaker(GenerateOptions options, Authors authors, FeedStates feedStates)
{
    private readonly RecordTextWriter _text = new(options, authors, feedStates);
    private readonly BoxMaker _boxes = new(authors);
    private readonly JsonBuffer _value = new();
    private readonly JsonBuffer _canonical = new();
    private byte[] _units = new byte[MessageValidator.LengthMax];

    /// <summary>
    /// Writes the record of <paramref name="plan"/> into <paramref name="record"/>, and its id into the feed states.
    /// </summary>
    public void Make(in MessagePlan plan, JsonBuffer record)
    {
        int units = Sign(plan, 0);
        if (plan.Is(OddVariant.Longest)) units = Sign(plan, MessageValidator.LengthMax - units);
        Span<byte> id = feedStates.Id(plan.Index);
        SHA256.HashData(_units.AsSpan(0, units), id);

        record.Truncate(0);
        record.Raw("{\"key\":\"%"u8).Base64Of(id).Raw(".sha256\",\"value\":"u8).Raw(_value.Written);
        record.Key("timestamp"u8).Milliseconds(plan.Received).EndObject();
    }

    /// <summary>
    /// Writes the signed value in its compact and its canonical form; returns the UTF-16 units of the latter.
    /// </summary>
    private int Sign(in MessagePlan plan, int padding)
    {
        _text.Start(plan);
        _text.Padding = padding;
        Content();
        Unsigned(plan);
        _canonical.Truncate(0);
        CanonicalText.Write(_value.Written, _canonical);

        Span<byte> signature = stackalloc byte[Sodium.SignatureBytes];
        authors.Keys(plan.Author).Sign(_canonical.Written, signature);
        _value.Truncate(_value.Length - 1);
        _value.Key("signature"u8).OpenString().Base64Of(signature).Raw(".sig.ed25519\"}"u8);
        _canonical.Truncate(_canonical.Length - 2);
        _canonical.Raw(",\n  \"signature\": \""u8).Base64Of(signature).Raw(".sig.ed25519\"\n}"u8);
        return Units();
    }

    private void Unsigned(in MessagePlan plan)
    {
        _value.Truncate(0);
        _value.Object().Key("previous"u8);
        if (plan.Previous < 0) _value.Value("null"u8);
        else _value.OpenString().Raw("%"u8).Base64Of(feedStates.Id(plan.Previous)).Raw(".sha256\""u8);
        bool authorFirst = plan.Is(OddVariant.AuthorFirst);
        if (authorFirst) _value.Key("author"u8).String(authors.FeedId(plan.Author));
        _value.Key("sequence"u8).Number(plan.Sequence);
        if (!authorFirst) _value.Key("author"u8).String(authors.FeedId(plan.Author));
        _value.Key("timestamp"u8).Milliseconds(plan.Claimed).Key("hash"u8).String("sha256"u8);
        _value.Key("content"u8).Raw(_text.Json.Written).EndObject();
    }

    private void Content()
    {
        ref readonly MessagePlan plan = ref _text.Plan;
        switch (plan.Kind)
        {
            case MessageKind.Post: PostContent.Write(_text); break;
            case MessageKind.Vote: SocialContent.WriteVote(_text); break;
            case MessageKind.Private: Box(plan); break;
            case MessageKind.Contact: SocialContent.WriteContact(_text); break;
            case MessageKind.About: SocialContent.WriteAbout(_text); break;
            case MessageKind.Channel: Channels.WriteSubscription(_text); break;
            case MessageKind.Pub: ServiceContent.WritePub(_text); break;
            case MessageKind.Git: ServiceContent.WriteGit(_text); break;
            case MessageKind.Gathering: ServiceContent.WriteGathering(_text); break;
            case MessageKind.Application: ApplicationContent.Write(_text); break;
            case MessageKind.Poison: OddPost.WritePoison(_text, (PoisonVariant)plan.Variant); break;
            default: OddContent.Write(_text, (OddVariant)plan.Variant); break;
        }
    }

    private void Box(in MessagePlan plan)
    {
        Span<int> readers = stackalloc int[PrivateBox.RecipientsMax];
        readers = readers[..Conversation.Readers(options, BoxedContent.StartOf(plan), plan.TargetAuthor, readers)];
        BoxedContent.Write(_text, readers);
        _boxes.Seal(_text, readers);
    }

    /// <summary>Extracts the low bytes of the canonical form's UTF-16 units; a message id is their hash.</summary>
    private int Units()
    {
        ReadOnlySpan<byte> utf8 = _canonical.Written;
        if (_units.Length < utf8.Length) _units = new byte[utf8.Length * 2];
        return Utf16LowBytes.Of(utf8, _units);
    }
}
