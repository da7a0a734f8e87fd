using Flume.Log;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors;

/// <content>Stores the commits of the client of a client view.</content>
internal sealed partial class ViewActor
{
    private void OnClientCommit(ClientCommit commit)
    {
        if (Refusal(commit) is { } reason)
        {
            Sender.Tell(new CommitRefused(reason), Self);
            return;
        }

        _processor.Commit(commit.Rows, commit.Step.Since);
        Do(_machine.Stepped(isAtHead: true, mayPromote: _processor.Since >= _serving.Since));
        Sender.Tell(new Committed(commit.Step.Since), Self);
        ReleaseReaders();
    }

    private string? Refusal(ClientCommit commit)
    {
        (long epoch, Offset after, Offset since) = commit.Step;
        if (_serving.ClientSession is not { } clientSession)
            return $"View '{Name}' takes no commits: it is not a client view.";
        if (!_machine.MayStep)
            return $"View '{Name}' takes no commits now: it is {_machine.State}. Wait for the feed to continue.";
        if (epoch != clientSession.Epoch)
            return $"Turn {epoch} of view '{Name}' has ended: its store was replaced, or another client attached. "
                + "Continue with the next items of the feed.";
        if (after != _processor.Since)
            return $"View '{Name}' is at {_processor.Since}, so a commit after {after} is not its successor.";
        return clientSession.WasSent(epoch, since) && since > after
            ? null
            : $"View '{Name}' can't commit from {after} to {since}: the feed sent no such record in this turn.";
    }
}
