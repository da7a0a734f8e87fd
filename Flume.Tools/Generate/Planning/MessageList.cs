namespace Flume.Tools.Generate.Planning;

/// <summary>Messages of one sort with their authors, oldest first, to pick popular and recent ones from.</summary>
internal sealed class MessageList
{
    /// <summary>How many of the newest messages count as recent.</summary>
    private const int RecentMax = 4000;

    private readonly List<(int Index, int Author)> _messages = [];

    /// <summary>True when there is nothing to pick.</summary>
    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Appends a message.</summary>
    public void Add(int index, int author) => _messages.Add((index, author));

    /// <summary>Two times in three one of the ever popular, else one of the newest. Must not be empty.</summary>
    public (int Index, int Author) Pick(ref RandomStream random)
    {
        int count = _messages.Count;
        bool popular = random.Chance(667);
        return _messages[popular ? random.Popular(count) : count - 1 - random.VeryPopular(Math.Min(count, RecentMax))];
    }
}
