using Flume.Log;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors;

/// <content>What the actor of a client view does with what its client made.</content>
internal sealed partial class ViewActor
{
    private void OnClientCommit(ClientCommit commit)
    {
        if (WhyNot(commit) is { } reason)
        {
            Sender.Tell(new CommitRefused(reason), Self);
            return;
        }

        _processor.Commit(commit.Rows, commit.Step.Since);
        Do(_machine.Stepped(isAtHead: true, mayPromote: _processor.Since >= _serving.Since));
        Sender.Tell(new Committed(commit.Step.Since), Self);
        ReleaseReaders();
    }

    private string? WhyNot(ClientCommit commit)
    {
        (long epoch, Offset after, Offset since) = commit.Step;
        if (_serving.ClientSession is not { } clientSession) return $"View '{Name}' takes no commits: no client runs its code.";
        if (!_machine.MayStep)
            return $"View '{Name}' takes no commits now: it is {_machine.State}. Its feed goes on when it does.";
        if (epoch != clientSession.Epoch)
            return $"Turn {epoch} of view '{Name}' is over: its rows are begun anew, or another client came. Go on "
                + "with what the feed says.";
        if (after != _processor.Since)
            return $"View '{Name}' stands at {_processor.Since}; a commit after {after} is no successor of that.";
        return clientSession.WasSent(epoch, since) && since > after
            ? null
            : $"View '{Name}' can't go from {after} to {since}: the feed has sent no such record in this turn.";
    }
}
