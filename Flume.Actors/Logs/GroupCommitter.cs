using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors;

/// <summary>Everything that happens to one log: groups are written, records deleted, errors turned into answers.</summary>
/// <remarks>
/// 1. Every append that was taken is answered once: appended, rejected (surely not written) or failed (unknown).
/// 2. After <see cref="TurnReadOnly"/> or <see cref="StopTaking"/> nothing more is taken; what was taken is written.
/// 3. Belongs to one thread at a time; the log itself may be read by anyone.
/// </remarks>
internal sealed class GroupCommitter<TCaller>(OffsetLog log, AppendLimits limits)
{
    private readonly CommitQueue<TCaller> _buffer = new(limits);
    private AppendRejected? _refusal;

    /// <summary>Offset of the last readable record.</summary>
    public Offset Head => log.Head;

    /// <summary>True when appends wait to be written.</summary>
    public bool HasWaiting => _buffer.HasWaiting;

    /// <summary>True when the next write has no room for more.</summary>
    public bool IsGroupFull => _buffer.IsGroupFull;

    /// <summary>Takes an append for the next groups, or says why not.</summary>
    public AppendRejected? Take(TCaller caller, Append append) =>
        _refusal ?? Refusing() ?? HeadMoved(append.Terms.ExpectedHead) ?? _buffer.Add(caller, append);

    /// <summary>Writes the next group, if there is one; whom to answer what.</summary>
    public IEnumerable<(TCaller Caller, object Answer)> Commit()
    {
        if (_buffer.Take() is not { } group) return [];
        try
        {
            AppendResult result = log.Append([.. group.Payloads], group.Durability);
            return group.Answers(result).Select(answer => (answer.Caller, (object)answer.Appended));
        }
        catch (LogException cause)
        {
            object answer = Answer(cause);
            return group.Callers.Select(caller => (caller.Caller, answer));
        }
    }

    /// <summary>Zeroes a record; the answer.</summary>
    public object Delete(Offset offset) => Guarded(() =>
    {
        log.Delete(offset, Durability.Fsync);
        return new Deleted(offset);
    });

    /// <summary>Opens the writer again; the answer.</summary>
    public object Reopen() => Guarded(() =>
    {
        log.Reopen();
        return new Reopened(log.Head);
    });

    /// <summary>From now on refuses appends and deletes: the log was found damaged.</summary>
    public void TurnReadOnly(string reason) =>
        _refusal ??= new(AppendRejection.ReadOnly, $"The log {log.Path} takes no appends: {reason} Other identities go on.");

    /// <summary>From now on takes no appends: the identity is stopping.</summary>
    public void StopTaking() =>
        _refusal = new(AppendRejection.Stopping, $"The log {log.Path} takes no appends: its identity is stopping.");

    /// <summary>The log's state.</summary>
    public LogStatus Status() => new(
        log.Head, log.EndPosition, (_refusal ?? Refusing())?.Text, _buffer.Waiting, _buffer.WaitingBytes)
    {
        BytesMax = log.Width.FileBytesMax(),
    };

    /// <summary>Only this object moves the head, so what is decided here still holds when the group is written.</summary>
    private AppendRejected? HeadMoved(Offset? expected)
    {
        if (expected is not { } known || (known == log.Head && !_buffer.HasFirst)) return null;
        return new(
            AppendRejection.HeadMoved,
            $"Nothing was appended: it was to follow offset {known}, and the head of the log {log.Path} is {log.Head}"
            + (_buffer.HasFirst ? ", with an append before this one. " : ". ")
            + "Read the records between, then append again.");
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

    private AppendRejected? Refusing() => log switch
    {
        { ReadOnly: true } => new(
            AppendRejection.ReadOnly, $"The log {log.Path} is written by another process; this one only follows it."),
        { RefusesWritesBecause: { } cause } => new(
            AppendRejection.ReadOnly,
            cause is LogSharedException ? $"{cause.Message} Until then it takes no appends; reads go on."
                : $"The log {log.Path} refuses writes since an earlier one failed: {cause.Message} Make room or mend the " +
                "disk: the log tries again by itself, and at once when it is reopened. Reads go on."),
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
