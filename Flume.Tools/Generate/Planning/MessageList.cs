namespace Flume.Tools.Generate.Planning;

/// <summary>Messages of one kind with their authors, oldest first; the source of popular and recent targets.</summary>
internal sealed class MessageList
{
    /// <summary>The number of newest messages that count as recent.</summary>
    private const int RecentMax = 4000;

    private readonly List<(int Index, int Author)> _messages = [];

    /// <summary>True when the list is empty.</summary>
    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Appends a message.</summary>
    public void Add(int index, int author) => _messages.Add((index, author));

    /// <summary>
    /// Returns one of the popular messages in two of three cases, else one of the newest. The list must not be empty.
    /// </summary>
    public (int Index, int Author) Pick(ref RandomStream random)
    {
        int count = _messages.Count;
        bool popular = random.Chance(667);
        return _messages[popular ? random.Popular(count) : count - 1 - random.VeryPopular(Math.Min(count, RecentMax))];
    }
}
