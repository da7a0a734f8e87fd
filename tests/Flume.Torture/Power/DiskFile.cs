namespace Flume.Torture.Power;

/// <summary>How much of the writes that no sync covers reached the device.</summary>
internal enum DataRule
{
    /// <summary>Nothing.</summary>
    Synced,

    /// <summary>Everything.</summary>
    All,

    /// <summary>The first writes, the last of them torn at a sector.</summary>
    Prefix,

    /// <summary>Any pages of any writes, in any order.</summary>
    Pages,

    /// <summary>Any sectors of any writes, in any order.</summary>
    Sectors,

    /// <summary>The length alone; the new bytes are zeros.</summary>
    Length,
}

/// <summary>A file of the modelled disk: what was written, and what a sync made durable.</summary>
internal sealed class DiskFile(byte[] durable)
{
    private const int SectorBytes = 512, PageBytes = 4096;

    private readonly List<(long Position, byte[]? Bytes)> _pending = [];
    private byte[] _durable = durable;

    /// <summary>The present length.</summary>
    public long Length { get; private set; } = durable.Length;

    public void Write(long position, byte[] bytes)
    {
        _pending.Add((position, bytes));
        Length = Math.Max(Length, position + bytes.Length);
    }

    public void Truncate(long length)
    {
        _pending.Add((length, null));
        Length = length;
    }

    public void Sync()
    {
        _durable = Image(DataRule.All, new Random(0));
        _pending.Clear();
    }

    /// <summary>
    /// A sync that failed: any sectors reached the device, and the system counts all of them as clean. A later sync
    /// writes none of them.
    /// </summary>
    public void FailSync(Random random)
    {
        _durable = Image(DataRule.Sectors, random);
        _pending.Clear();
    }

    /// <summary>A possible content after a power loss.</summary>
    public byte[] Image(DataRule rule, Random random)
    {
        if (_pending.Count == 0 || rule == DataRule.Synced) return _durable;
        using var image = new MemoryStream();
        image.Write(_durable);
        switch (rule)
        {
            case DataRule.All: _pending.ForEach(step => Apply(image, step)); break;
            case DataRule.Length: image.SetLength(Math.Max(image.Length, Length)); break;
            case DataRule.Prefix: TakePrefix(image, random); break;
            default: TakeGrains(image, rule == DataRule.Pages ? PageBytes : SectorBytes, random); break;
        }

        return image.ToArray();
    }

    private void TakePrefix(MemoryStream image, Random random)
    {
        int whole = random.Next(_pending.Count + 1);
        for (int i = 0; i < whole; i++) Apply(image, _pending[i]);
        if (whole == _pending.Count || _pending[whole].Bytes is not { } torn) return;
        long position = _pending[whole].Position;
        long end = (position + random.Next(torn.Length + 1)) / SectorBytes * SectorBytes;
        if (end > position) Apply(image, (position, torn[..(int)(end - position)]));
    }

    private void TakeGrains(MemoryStream image, int grain, Random random)
    {
        int keptOfFour = random.Next(1, 4);
        foreach ((long position, byte[]? bytes) in _pending)
        {
            if (bytes is null)
            {
                if (random.Next(2) == 0) image.SetLength(position);
                continue;
            }

            long end = position + bytes.Length;
            for (long at = position; at < end;)
            {
                long next = Math.Min(end, (at / grain + 1) * grain);
                if (random.Next(4) < keptOfFour)
                    Apply(image, (at, bytes[(int)(at - position)..(int)(next - position)]));
                at = next;
            }
        }

        // The length is metadata of its own: it may be older or newer than the bytes.
        switch (random.Next(3))
        {
            case 0 when Length > image.Length: image.SetLength(Length); break;
            case 1 when _durable.Length < image.Length:
                image.SetLength(random.NextInt64(_durable.Length, image.Length));
                break;
        }
    }

    private static void Apply(MemoryStream image, (long Position, byte[]? Bytes) step)
    {
        if (step.Bytes is null)
        {
            image.SetLength(step.Position);
            return;
        }

        image.Position = step.Position;
        image.Write(step.Bytes);
    }
}
