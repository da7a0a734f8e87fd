using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>One call in the publisher's queue.</summary>
/// <remarks>
/// If the head moved, <see cref="Write"/> runs again. <see cref="Answer"/> reports the result of the last run.
/// </remarks>
internal abstract class FeedRequest(CancellationToken cancelled)
{
    private readonly TaskCompletionSource<IReadOnlyList<JsValue>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IReadOnlyList<JsValue> _stored = [];
    private Exception? _problem;

    /// <summary>
    /// Completes when the messages are in the log. Fails if they are not, or if the outcome is unknown.
    /// </summary>
    public Task<IReadOnlyList<JsValue>> Answered => _answer.Task;

    /// <summary>Cancelled when the caller left.</summary>
    public CancellationToken Cancelled => cancelled;

    /// <summary>The number of messages.</summary>
    public abstract int Messages { get; }

    /// <summary>The feeds whose states the call needs.</summary>
    public abstract IEnumerable<string> Feeds { get; }

    /// <summary>True if the caller left before the messages were signed.</summary>
    public bool DropIfCancelled() => cancelled.IsCancellationRequested && _answer.TrySetCanceled(cancelled);

    /// <summary>Adds all messages of the call to a batch, or none.</summary>
    public void Write(FeedDraft draft)
    {
        try
        {
            using FeedDraft.Part part = draft.Begin();
            (_stored, _problem) = (Write(part), null);
            part.Keep();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            (_stored, _problem) = ([], problem);
        }
    }

    /// <summary>Completes the call with its outcome.</summary>
    public void Answer()
    {
        if (_problem is not null) Fail(_problem);
        else _answer.TrySetResult(_stored);
    }

    /// <summary>Fails the call with the cause.</summary>
    public void Fail(Exception cause)
    {
        _answer.TrySetException(cause);
        // The caller may have left.
        _ = _answer.Task.Exception;
    }

    /// <summary>Adds the messages. Returns them as stored.</summary>
    protected abstract IReadOnlyList<JsValue> Write(FeedDraft.Part part);

    /// <summary>The error of a message that does not follow its feed.</summary>
    protected static ApiException Invalid(InvalidMessage wrong) =>
        new(wrong.Fatal ? "FatalError" : "Error", wrong.Reason);
}

/// <summary>Publishes the next message of the own feed.</summary>
internal sealed class PublishRequest(FeedKeys keys, JsValue content, CancellationToken cancelled)
    : FeedRequest(cancelled)
{
    /// <inheritdoc/>
    public override int Messages => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Feeds => [keys.Id];

    /// <inheritdoc/>
    protected override IReadOnlyList<JsValue> Write(FeedDraft.Part part)
    {
        FeedState? state = part.StateOf(keys.Id);
        ForkGuard.ThrowIfForking(part.Identity, state?.Sequence ?? 0);
        part.Identity.Publisher.Claims.ThrowIfBehind(part.Identity.Name, state?.Sequence ?? 0);
        var author = new MessageAuthor(keys);
        return author.TryWrite(state, content, part.Now(), out JsObject message, out InvalidMessage? wrong)
            ? [part.Add(JsValue.From(message))]
            : throw Invalid(wrong!);
    }
}

/// <summary>Adds signed messages.</summary>
internal sealed class AddRequest(IReadOnlyList<JsValue> messages, bool skipInvalid, CancellationToken cancelled)
    : FeedRequest(cancelled)
{
    /// <inheritdoc/>
    public override int Messages => messages.Count;

    /// <inheritdoc/>
    public override IEnumerable<string> Feeds => messages.Select(AuthorOf);

    /// <inheritdoc/>
    protected override IReadOnlyList<JsValue> Write(FeedDraft.Part part)
    {
        List<JsValue> stored = [];
        foreach (JsValue message in messages)
        {
            InvalidMessage? wrong = MessageValidator.Check(part.StateOf(AuthorOf(message)), message);
            if (wrong is not null && !skipInvalid) throw Invalid(wrong);
            if (wrong is null) stored.Add(part.Add(message));
        }

        return stored;
    }

    private static string AuthorOf(JsValue message) =>
        message["author"] is { IsString: true } author ? author.AsString : "";
}

/// <summary>Adds messages of other feeds with verified form and signature.</summary>
internal sealed class VerifiedRequest(IReadOnlyList<VerifiedMessage> messages)
    : FeedRequest(CancellationToken.None)
{
    /// <summary>The number of messages added to the batch.</summary>
    public int Appended { get; private set; }

    /// <inheritdoc/>
    public override int Messages => messages.Count;

    /// <inheritdoc/>
    public override IEnumerable<string> Feeds => messages.Select(message => message.Author);

    /// <inheritdoc/>
    protected override IReadOnlyList<JsValue> Write(FeedDraft.Part part)
    {
        Appended = messages.Count(part.TryAdd);
        return [];
    }
}

/// <summary>Fails if a message is the newest of the own feed.</summary>
internal sealed class KeepNewestRequest(string feed, JsValue key, CancellationToken cancelled)
    : FeedRequest(cancelled)
{
    /// <inheritdoc/>
    public override int Messages => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Feeds => [feed];

    /// <inheritdoc/>
    protected override IReadOnlyList<JsValue> Write(FeedDraft.Part part) =>
        part.StateOf(feed) is { } newest && key is { IsString: true } asked && asked.AsString == newest.Id
            ? throw ApiException.Error(
                $"Nothing was deleted. {newest.Id} is the newest message of this identity's own feed, and the "
                + "next message must name it. Publish another message first, then delete this one.")
            : [];
}
