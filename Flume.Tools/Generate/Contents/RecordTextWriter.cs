using Flume.Tools.Generate.Planning;
using Flume.Tools.Generate.Text;

namespace Flume.Tools.Generate.Contents;

/// <summary>
/// The writer of contents: its buffer, the message's plan and random numbers, and the ids that it may mention.
/// </summary>
/// <remarks>One per thread. Two writers with the same plan write the same bytes.</remarks>
internal sealed class RecordTextWriter(GenerateOptions options, Authors authors, FeedStates feedStates)
{
    private MessagePlan _plan;
    private RandomStream _random;

    /// <summary>The output buffer.</summary>
    public JsonBuffer Json { get; } = new();

    /// <summary>The options of the generation.</summary>
    public GenerateOptions Options => options;

    /// <summary>The plan of the message.</summary>
    public ref readonly MessagePlan Plan => ref _plan;

    /// <summary>The random stream of this message.</summary>
    public ref RandomStream Random => ref _random;

    /// <summary>The language of this message's author.</summary>
    public Language Language => authors.Language(_plan.Author);

    /// <summary>
    /// The number of filler characters for <see cref="OddVariant.Longest"/>; 0 while its length is measured.
    /// </summary>
    public int Padding { get; set; }

    /// <summary>Empties the buffer and starts another message.</summary>
    public void Start(in MessagePlan plan)
    {
        _plan = plan;
        _random = new RandomStream(options.Seed, StreamOf.Message, plan.Index);
        Json.Truncate(0);
    }

    /// <summary>Starts a content: <c>{"type":…</c>.</summary>
    public JsonBuffer Open(ReadOnlySpan<byte> type) => Json.Object().Key("type"u8).String(type);

    /// <summary>The id of an author, as a value.</summary>
    public void Feed(int author) => Json.String(authors.FeedId(author));

    /// <summary>The id of an author, inside a string.</summary>
    public void FeedText(int author) => Json.Raw(authors.FeedId(author));

    /// <summary>The id of an earlier message, inside a string.</summary>
    public void MessageText(int index) => Json.Raw("%"u8).Base64Of(feedStates.Id(index)).Raw(".sha256"u8);

    /// <summary>The id of an earlier message, as a value.</summary>
    public void Message(int index)
    {
        Json.OpenString();
        MessageText(index);
        Json.CloseString();
    }

    /// <summary>The id of a message that does not exist.</summary>
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

    /// <summary>A fairly popular blob: an image in several messages.</summary>
    public int AnyBlob() => _random.Popular(64 + (_plan.Index / 4));

    /// <summary>A fairly popular author.</summary>
    public int AnyAuthor() => _random.Popular(options.Authors);

    /// <summary>The name of an author, as a value.</summary>
    public void Name(int author)
    {
        Json.OpenString();
        authors.WriteName(Json, author);
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
    /// About <paramref name="bytes"/> bytes of text, as a value. One text in ten is in English, in every author's feed.
    /// </summary>
    public void Text(int bytes)
    {
        Json.OpenString();
        Prose.Sentences(Json, ref _random, _random.Chance(100) ? Languages.English : Language, bytes);
        Json.CloseString();
    }
}
