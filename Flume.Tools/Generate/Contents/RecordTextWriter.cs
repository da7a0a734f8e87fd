using Flume.Tools.Generate.Planning;
using Flume.Tools.Generate.Text;

namespace Flume.Tools.Generate.Contents;

/// <summary>
/// What contents are written with: the buffer, this message's plan and random numbers, and the ids it may name.
/// </summary>
/// <remarks>One per thread. Two scribes with the same plan write the same bytes.</remarks>
internal sealed class RecordTextWriter(GenerateOptions options, AuthorCast cast, FeedStates ledger)
{
    private MessagePlan _plan;
    private RandomStream _random;

    /// <summary>Where the content goes.</summary>
    public JsonBuffer Json { get; } = new();

    /// <summary>What is being generated.</summary>
    public GenerateOptions Options => options;

    /// <summary>The message being written.</summary>
    public ref readonly MessagePlan Plan => ref _plan;

    /// <summary>The random numbers of this message.</summary>
    public ref RandomStream Random => ref _random;

    /// <summary>What this message's author speaks.</summary>
    public Language Language => cast.Language(_plan.Author);

    /// <summary>
    /// Filler characters that bring <see cref="OddVariant.Longest"/> to the limit; 0 while its length is measured.
    /// </summary>
    public int Padding { get; set; }

    /// <summary>Empties the buffer and turns to another message.</summary>
    public void Turn(in MessagePlan plan)
    {
        _plan = plan;
        _random = new RandomStream(options.Seed, StreamOf.Message, plan.Index);
        Json.Truncate(0);
    }

    /// <summary>Opens a content: <c>{"type":…</c>.</summary>
    public JsonBuffer Open(ReadOnlySpan<byte> type) => Json.Object().Key("type"u8).String(type);

    /// <summary>The id of an author, as a value.</summary>
    public void Feed(int author) => Json.String(cast.FeedId(author));

    /// <summary>The id of an author, inside a string.</summary>
    public void FeedText(int author) => Json.Raw(cast.FeedId(author));

    /// <summary>The id of an earlier message, inside a string.</summary>
    public void MessageText(int index) => Json.Raw("%"u8).Base64Of(ledger.Id(index)).Raw(".sha256"u8);

    /// <summary>The id of an earlier message, as a value.</summary>
    public void Message(int index)
    {
        Json.OpenString();
        MessageText(index);
        Json.CloseString();
    }

    /// <summary>A message id that no message has.</summary>
    public void UnknownMessage()
    {
        Span<byte> id = stackalloc byte[FeedStates.IdBytes];
        _random.Fill(id);
        Json.OpenString().Raw("%"u8).Base64Of(id).Raw(".sha256\""u8);
    }

    /// <summary>The id of a blob, inside a string.</summary>
    public void BlobText(int blob)
    {
        Span<byte> id = stackalloc byte[FeedStates.IdBytes];
        new RandomStream(options.Seed, StreamOf.Blob, blob).Fill(id);
        Json.Raw("&"u8).Base64Of(id).Raw(".sha256"u8);
    }

    /// <summary>The id of a blob, as a value.</summary>
    public void Blob(int blob)
    {
        Json.OpenString();
        BlobText(blob);
        Json.CloseString();
    }

    /// <summary>A blob that is somewhat popular: an image that several messages show.</summary>
    public int AnyBlob() => _random.Popular(64 + (_plan.Index / 4));

    /// <summary>An author that is somewhat popular.</summary>
    public int AnyAuthor() => _random.Popular(options.Authors);

    /// <summary>The name an author is known by, as a value.</summary>
    public void Name(int author)
    {
        Json.OpenString();
        cast.WriteName(Json, author);
        Json.CloseString();
    }

    /// <summary>A title of at most <paramref name="wordsMax"/> words, as a value.</summary>
    public void Title(int wordsMax)
    {
        Json.OpenString();
        Prose.Words(Json, ref _random, Language, wordsMax);
        Json.CloseString();
    }

    /// <summary>
    /// About <paramref name="bytes"/> bytes of prose, as a value. One text in ten is in English, whoever writes.
    /// </summary>
    public void Text(int bytes)
    {
        Json.OpenString();
        Prose.Sentences(Json, ref _random, _random.Chance(100) ? Languages.English : Language, bytes);
        Json.CloseString();
    }
}
