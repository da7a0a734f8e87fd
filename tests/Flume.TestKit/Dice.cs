namespace Flume.TestKit;

/// <summary>A random source that prints its seed when a test fails. FLUME_SEED replays a seed.</summary>
internal sealed class Dice
{
    private readonly Random _random;

    public Dice()
    {
        Seed = TestSeed.Draw();
        _random = new Random(Seed);
        Console.WriteLine($"FLUME_SEED={Seed}");
    }

    public int Seed { get; }

    public string Replay => $"replay with FLUME_SEED={Seed}";

    /// <summary>A number from 0 to <paramref name="below"/>-1.</summary>
    public int Next(int below) => _random.Next(below);

    public bool OneIn(int n) => _random.Next(n) == 0;

    public long Bits() => _random.NextInt64(long.MinValue, long.MaxValue);

    public void Fill(byte[] bytes) => _random.NextBytes(bytes);
}
