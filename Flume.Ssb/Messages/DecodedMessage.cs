using Flume.Log;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Views.Records;

namespace Flume.Ssb.Messages;

/// <summary>
/// One record, decoded once for all views: its values on a tape, the well-known members, and the decrypted content.
/// </summary>
/// <remarks>
/// 1. Everything read from it holds until its decoder decodes the next record. For one thread.
/// 2. When <see cref="IsMessage"/> is false, nothing else than <see cref="Offset"/>, <see cref="Fault"/>,
///    <see cref="DecodedRecord.Payload"/> and the tape means anything.
/// 3. Of members with one name the last counts, as in JavaScript; well-known values that are missing are undefined.
/// 4. When the box opened (<see cref="IsPrivate"/>), <see cref="Content"/> and what hangs on it lie on another tape.
/// </remarks>
public sealed class DecodedMessage : DecodedRecord
{
    private readonly byte[] _unboxKey = new byte[PrivateBox.UnboxKeyBytes];
    private readonly LinkWalk _backlinkWalk = new();
    private readonly LinkWalk _contentWalk = new();
    private LinkWalk? _valueWalk;
    private JsonTape? _privateTape;
    private LinkSet? _backlinks;
    private List<FieldLink>? _contentLinks;
    private List<FieldLink>? _valueLinks;
    private double _received;
    private double _claimed;

    internal DecodedMessage() => Keys = new MessageKeys(this);

    /// <summary>The reason why the record is not a message.</summary>
    public MessageFault Fault { get; private set; }

    /// <summary>True for an object with a string <c>key</c> and an object <c>value</c>.</summary>
    public bool IsMessage => Fault == MessageFault.None;

    /// <summary><c>key</c>: a string.</summary>
    public TapeValue Key { get; private set; }

    /// <summary><c>timestamp</c>: the time of receipt.</summary>
    public TapeValue Received { get; private set; }

    /// <summary><c>value</c>: an object.</summary>
    public TapeValue Value { get; private set; }

    /// <summary><c>value.previous</c>.</summary>
    public TapeValue Previous { get; private set; }

    /// <summary><c>value.author</c>.</summary>
    public TapeValue Author { get; private set; }

    /// <summary><c>value.sequence</c>.</summary>
    public TapeValue Sequence { get; private set; }

    /// <summary><c>value.timestamp</c>: the author's claimed time.</summary>
    public TapeValue Claimed { get; private set; }

    /// <summary><c>value.content</c>, or the decrypted content of a box.</summary>
    public TapeValue Content { get; private set; }

    /// <summary>The well-known members of <see cref="Content"/>.</summary>
    public ContentFields Fields { get; } = new();

    /// <summary>The keys for postings.</summary>
    public MessageKeys Keys { get; }

    /// <summary>True if the content was a box for the decoder's identity.</summary>
    public bool IsPrivate { get; private set; }

    /// <summary>The 33-byte key that decrypts the box; empty if the content was not decrypted.</summary>
    public ReadOnlySpan<byte> UnboxKey => IsPrivate ? _unboxKey : default;

    /// <summary>
    /// The order of createFeedStream: the claimed time, or the received time if that is earlier or no time is claimed
    /// (docs/spec 3.2). Null if it is not a number.
    /// </summary>
    public double? FeedRts
    {
        get
        {
            bool received = !IsClaimed || _received < _claimed;
            return received ? ToNumber(_received) : ToNumber(_claimed);
        }
    }

    /// <summary>
    /// The order of backlinks and about: the smaller of claimed and received time, or the claimed time if none was
    /// received (docs/spec 3.3). Null without a claimed time.
    /// </summary>
    public double? LinkRts
    {
        get
        {
            if (!IsClaimed) return null;
            return IsReceived ? Smaller() : ToNumber(_claimed);
        }
    }

    /// <summary>
    /// The <c>rts</c> that query.read adds: the smaller of claimed and received time, else the received time (docs/spec
    /// 3.7).
    /// </summary>
    public double? QueryRts => Smaller() is double smaller and not 0 ? smaller : ToNumber(_received);

    /// <summary>
    /// All ids and hashtags in the content (<see cref="LinkWalk.Backlinks"/>), computed on first use.
    /// </summary>
    public LinkSet Backlinks => _backlinks ??= _backlinkWalk.Backlinks(Content);

    /// <summary>The links of the content's fields as in ssb-db; empty for an encrypted box.</summary>
    public List<FieldLink> ContentLinks =>
        _contentLinks ??= _contentWalk.FieldLinks(Content.IsString ? default : Content, Fields.Value, Fields.Content);

    /// <summary>
    /// The links of the message's fields as in ssb-links (<see cref="LinkWalk.FieldLinks(DecodedMessage)"/>).
    /// </summary>
    /// <remarks>In most messages it is the same list as <see cref="ContentLinks"/>.</remarks>
    public List<FieldLink> ValueLinks =>
        _valueLinks ??= HasOneWalk ? ContentLinks : (_valueWalk ??= new LinkWalk()).FieldLinks(this);

    /// <summary>The object whose members contain <see cref="ContentLinks"/>.</summary>
    internal TapeValue ContentLinkFields => ContentLinks is null ? default : _contentWalk.Fields;

    /// <summary>The object whose members <see cref="ValueLinks"/> found links in.</summary>
    internal TapeValue ValueLinkFields => ValueLinks == ContentLinks ? _contentWalk.Fields : _valueWalk!.Fields;

    // Most messages are public and have links only in their content. A batch holds thousands of messages, so these
    // objects are lazy.
    internal JsonTape PrivateTape => _privateTape ??= new JsonTape();

    internal Span<byte> UnboxKeyRoom => _unboxKey;

    /// <summary>The last member of that name in an object content; false if there is none.</summary>
    public bool TryContent(ReadOnlySpan<byte> name, out TapeValue value)
    {
        value = Content[name];
        return !value.IsUndefined;
    }

    /// <inheritdoc/>
    public override JsValue ToQueryValue(JsValue stored) => IsPrivate
        ? MessageView.Decorate(stored, Content.ToJsValue(), Convert.ToBase64String(UnboxKey))
        : stored;

    /// <inheritdoc/>
    protected internal override void Start(Offset offset, ReadOnlySpan<byte> payload)
    {
        base.Start(offset, payload);
        IsPrivate = false;
        _backlinks = null;
        _contentLinks = _valueLinks = null;
        Key = Received = Value = Previous = Author = Sequence = Claimed = Content = default;
        Fault = !IsJson ? Broken(payload)
            : Root.Kind != JsKind.Object ? MessageFault.NotObject : Resolve();
        if (!IsMessage) Fields.Find(default); // the fields of the previous message are invalid
    }

    /// <summary>Uses the decrypted text as the content.</summary>
    internal void Opened()
    {
        IsPrivate = true;
        Content = PrivateTape.Root;
        Fields.Find(Content);
    }

    private static MessageFault Broken(ReadOnlySpan<byte> payload) =>
        payload.IndexOfAnyExcept((byte)0) < 0 ? MessageFault.Deleted : MessageFault.NotJson;

    private MessageFault Resolve()
    {
        foreach (TapeValue member in Root)
        {
            ReadOnlySpan<byte> name = member.NameUtf8;
            if (name.SequenceEqual("key"u8)) Key = member;
            else if (name.SequenceEqual("value"u8)) Value = member;
            else if (name.SequenceEqual("timestamp"u8)) Received = member;
        }

        if (!Key.IsString) return MessageFault.NoKey;
        if (Value.Kind != JsKind.Object) return MessageFault.NoValue;
        foreach (TapeValue member in Value) Resolve(member);
        _received = Received.Number;
        _claimed = Claimed.Number;
        Keys.Start(_received, _claimed);
        Fields.Find(Content);
        return MessageFault.None;
    }

    private void Resolve(TapeValue member)
    {
        ReadOnlySpan<byte> name = member.NameUtf8;
        switch (name.Length)
        {
            case 6 when name.SequenceEqual("author"u8): Author = member; break;
            case 7 when name.SequenceEqual("content"u8): Content = member; break;
            case 8 when name.SequenceEqual("previous"u8): Previous = member; break;
            case 8 when name.SequenceEqual("sequence"u8): Sequence = member; break;
            case 9 when name.SequenceEqual("timestamp"u8): Claimed = member; break;
        }
    }

    /// <summary>True if both link walks cover the same fields.</summary>
    private bool HasOneWalk =>
        Fields.Type.IsTruthy && ContentLinks is not null && _contentWalk.Fields.Index == Content.Index;

    private bool IsClaimed => Claimed.IsNumber ? _claimed != 0 : Claimed.IsTruthy;

    private bool IsReceived => Received.IsNumber ? _received != 0 : Received.IsTruthy;

    private double? Smaller() =>
        double.IsNaN(_received) || double.IsNaN(_claimed) ? null : Math.Min(_received, _claimed);

    private static double? ToNumber(double number) => double.IsNaN(number) ? null : number;
}
