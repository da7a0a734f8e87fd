using Flume.Replication.Ebt;

namespace Flume.Replication.Tests;

/// <summary>The state of feed A between peers: notes and messages go in as text, and come out as text.</summary>
public abstract class EbtStateRig
{
    private protected const string A = "@A", B = "@B", F = "@F", G = "@G";
    private static readonly Dictionary<string, long> Nothing = [];

    private protected EbtState State { get; } = new(A);

    /// <summary>The time of the next input.</summary>
    private protected TimeSpan Now { get; set; }

    private protected void Begin((string Feed, long Sequence) own, string[] others)
    {
        State.Load(own.Feed, own.Sequence);
        State.SetWanted(others.Append(A).ToHashSet());
    }

    private protected void Open(int peer, string id, Dictionary<string, long>? remembered = null)
    {
        State.Open(peer, id, remembered ?? Nothing, Now);
        State.Start(peer);
    }

    private protected void Hear(int peer, params (string Feed, double Value)[] notes)
    {
        foreach ((string feed, double value) in notes)
        {
            if (EbtNote.TryDecode(value, out EbtNote note)) State.ReceiveNote(peer, feed, note, Now);
        }
    }

    private protected EbtVerdict Message(int peer, string feed, long sequence) =>
        State.ReceiveMessage(peer, feed, sequence, expected: Math.Max(State.Have(feed), sequence == 2 ? 1 : 0), Now);

    private protected void Accept(int peer, string feed, long sequence)
    {
        Assert.Equal(EbtVerdict.Next, State.ReceiveMessage(peer, feed, sequence, State.Have(feed), Now));
        State.Stored(feed, sequence);
    }

    private protected string Notes(int peer) => string.Join(' ', (State.TakeNotes(peer, 100) ?? [])
        .OrderBy(note => note.Key, StringComparer.Ordinal).Select(note => $"{note.Key}:{note.Value.Encode()}"));

    private protected string Sends(int peer)
    {
        List<string> sends = [];
        while (State.TakeSend(peer, 100) is { } send) sends.Add($"{send.Feed} {send.First}-{send.Last}");
        return string.Join(' ', sends);
    }
}
