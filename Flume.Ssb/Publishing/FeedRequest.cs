using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>One call that waits for the publisher.</summary>
/// <remarks><see cref="Write"/> runs again when the head moved; <see cref="Answer"/> tells what its last run came to.</remarks>
internal abstract class FeedRequest(CancellationToken cancelled)
{
    private readonly TaskCompletionSource<IReadOnlyList<JsValue>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IReadOnlyList<JsValue> _stored = [];
    private Exception? _problem;

    /// <summary>Completes when the messages are in the log, or surely or possibly not.</summary>
    public Task<IReadOnlyList<JsValue>> Answered => _answer.Task;

    /// <summary>The caller left.</summary>
    public CancellationToken Cancelled => cancelled;

    /// <summary>How many messages it has.</summary>
    public abstract int Messages { get; }

    /// <summary>The feeds whose state it needs.</summary>
    public abstract IEnumerable<string> Feeds { get; }

    /// <summary>True when the caller left before the messages were signed.</summary>
    public bool DropIfCancelled() => cancelled.IsCancellationRequested && _answer.TrySetCanceled(cancelled);

    /// <summary>Adds the messages to a batch: all that the call asks for, or none.</summary>
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

    /// <summary>Tells the caller the outcome.</summary>
    public void Answer()
    {
        if (_problem is not null) Fail(_problem);
        else _answer.TrySetResult(_stored);
    }

    /// <summary>Tells the caller why there is no outcome, or none that is known.</summary>
    public void Fail(Exception cause)
    {
        _answer.TrySetException(cause);
        // The caller may have left.
        _ = _answer.Task.Exception;
    }

    /// <summary>Adds the messages; returns them as stored.</summary>
    protected abstract IReadOnlyList<JsValue> Write(FeedDraft.Part part);

    /// <summary>A message that its feed refuses.</summary>
    protected static ApiException Invalid(InvalidMessage wrong) => new(wrong.Fatal ? "FatalError" : "Error", wrong.Reason);
}

/// <summary>The next message of the own feed.</summary>
internal sealed class PublishRequest(FeedKeys keys, JsValue content, CancellationToken cancelled) : FeedRequest(cancelled)
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
        return new MessageAuthor(keys).TryWrite(state, content, part.Now(), out JsObject message, out InvalidMessage? wrong)
            ? [part.Add(JsValue.From(message))]
            : throw Invalid(wrong!);
    }
}

/// <summary>Signed messages.</summary>
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

    private static string AuthorOf(JsValue message) => message["author"] is { IsString: true } author ? author.AsString : "";
}

/// <summary>Messages of other feeds whose form and signature are verified.</summary>
internal sealed class VerifiedRequest(IReadOnlyList<VerifiedMessage> messages) : FeedRequest(CancellationToken.None)
{
    /// <summary>The number of messages that joined the batch.</summary>
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

/// <summary>Asks whether a message is the newest of the own feed.</summary>
internal sealed class KeepNewestRequest(string feed, JsValue key, CancellationToken cancelled) : FeedRequest(cancelled)
{
    /// <inheritdoc/>
    public override int Messages => 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Feeds => [feed];

    /// <inheritdoc/>
    protected override IReadOnlyList<JsValue> Write(FeedDraft.Part part) =>
        part.StateOf(feed) is { } newest && key is { IsString: true } asked && asked.AsString == newest.Id
            ? throw ApiException.Error(
                $"The newest message of this identity's own feed, {newest.Id}, is kept: what is published next has to name "
                + "it. Publish something, then delete it. Nothing was deleted.")
            : [];
}
