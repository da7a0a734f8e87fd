using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors;

/// <summary>Executes the writes of one log: commits groups, deletes records, and maps errors to answers.</summary>
/// <remarks>
/// 1. Every accepted append gets one answer: appended, rejected (surely not written) or failed (unknown).
/// 2. After <see cref="TurnReadOnly"/> or <see cref="StopTaking"/> it accepts no append. Accepted ones are written.
/// 3. One thread at a time uses it. Any thread may read the log.
/// </remarks>
internal sealed class GroupCommitter<TCaller>(OffsetLog log, AppendLimits limits)
{
    private readonly CommitQueue<TCaller> _queue = new(limits);
    private AppendRejected? _refusal;

    /// <summary>Offset of the last readable record.</summary>
    public Offset Head => log.Head;

    /// <summary>True when appends are queued.</summary>
    public bool HasWaiting => _queue.HasWaiting;

    /// <summary>True when the next group is full.</summary>
    public bool IsGroupFull => _queue.IsGroupFull;

    /// <summary>Queues an append, or returns the rejection.</summary>
    public AppendRejected? Take(TCaller caller, Append append) =>
        _refusal ?? WriteRefusal() ?? HeadMoved(append.Terms.ExpectedHead) ?? _queue.Add(caller, append);

    /// <summary>Writes the next group, if there is one, and returns the answer to each of its callers.</summary>
    public IEnumerable<(TCaller Caller, object Answer)> Commit()
    {
        if (_queue.Take() is not { } group) return [];
        try
        {
            AppendResult result = log.Append([.. group.Payloads], group.Durability);
            return group.Answers(result).Select(answer => (answer.Caller, (object)answer.Appended));
        }
        catch (LogException cause)
        {
            object answer = Answer(cause);
            return group.Callers.Select(entry => (entry.Caller, answer));
        }
    }

    /// <summary>Zeroes a record and returns the answer.</summary>
    public object Delete(Offset offset) => Guarded(() =>
    {
        log.Delete(offset, Durability.Fsync);
        return new Deleted(offset);
    });

    /// <summary>Zeroes the rest of a record whose delete a power loss tore; returns the answer.</summary>
    public object FinishDelete(Offset offset) => Guarded(() =>
    {
        log.FinishDelete(offset);
        return new Deleted(offset);
    });

    /// <summary>Opens the writer again and returns the answer.</summary>
    public object Reopen() => Guarded(() =>
    {
        log.Reopen();
        return new Reopened(log.Head);
    });

    /// <summary>Rejects appends and deletions from now on, because the log is damaged.</summary>
    public void TurnReadOnly(string reason) =>
        _refusal ??= new(
            AppendRejection.ReadOnly,
            $"The log {log.Path} takes no appends: {reason} Other identities are not affected.");

    /// <summary>Rejects appends from now on, because the identity is stopping.</summary>
    public void StopTaking() =>
        _refusal = new(AppendRejection.Stopping, $"The log {log.Path} takes no appends: its identity is stopping.");

    /// <summary>The current state of the log.</summary>
    public LogStatus Status() => new(
        log.Head, log.EndPosition, (_refusal ?? WriteRefusal())?.Text, _queue.Waiting, _queue.WaitingBytes)
    {
        IsFollowed = log.ReadOnly,
        BytesMax = log.Width.FileBytesMax(),
    };

    /// <summary>Only this object moves the head, so the result is still true when the group is written.</summary>
    private AppendRejected? HeadMoved(Offset? expected)
    {
        if (expected is not { } known || (known == log.Head && !_queue.HasFirst)) return null;
        return new(
            AppendRejection.HeadMoved,
            $"Nothing was appended: the append expects the head {known}, and the head of the log {log.Path} is "
            + (_queue.HasFirst ? $"{log.Head}, with another append queued after it. " : $"{log.Head}. ")
            + "Read the records between, then append again.")
        {
            Head = log.Head,
        };
    }

    private object Guarded(Func<object> work)
    {
        if (_refusal is not null) return _refusal;
        try
        {
            return work();
        }
        catch (LogException cause)
        {
            return Answer(cause);
        }
    }

    private AppendRejected? WriteRefusal() => log switch
    {
        { ReadOnly: true } => new(
            AppendRejection.ReadOnly,
            $"The log {log.Path} is only read here (flume serve --follow, flume.log.read-only)."),
        { RefusesWritesBecause: { } cause } => new(
            AppendRejection.ReadOnly,
            cause is LogSharedException ? $"{cause.Message} Until then it takes no appends. Reads still work."
                : $"The log {log.Path} refuses writes because an earlier write failed: {cause.Message} Free space or " +
                "repair the disk. The log tries again by itself, and at once when it is reopened. Reads still work."),
        _ => null,
    };

    private object Answer(LogException cause) => cause switch
    {
        LogOffsetException => new AppendRejected(AppendRejection.NoSuchRecord, cause.Message),
        LogRejectedException when log.RefusesWritesBecause is null && !log.ReadOnly =>
            new AppendRejected(AppendRejection.TooLarge, cause.Message),
        LogRejectedException => new AppendRejected(AppendRejection.ReadOnly, cause.Message),
        LogDamagedException => new AppendRejected(AppendRejection.ReadOnly, cause.Message),
        _ => new AppendFailed(cause.Message, cause),
    };
}
