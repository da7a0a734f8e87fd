namespace Flume.TestKit;

/// <summary>A random source that says its seed when a test fails: set FLUME_SEED to replay it.</summary>
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

    /// <summary>0 to <paramref name="below"/>-1.</summary>
    public int Next(int below) => _random.Next(below);

    public bool OneIn(int n) => _random.Next(n) == 0;

    public long Bits() => _random.NextInt64(long.MinValue, long.MaxValue);

    public void Fill(byte[] bytes) => _random.NextBytes(bytes);
}
