using Flume.Log;

namespace Flume.Torture.Power;

/// <summary>
/// Power losses at every step of a log: dropped, torn and reordered writes of it and of its side files.
/// </summary>
internal sealed class PowerKind : IKind
{
    private const int LivesMax = 4, ImagesPerStep = 3;

    public string Name => "power";

    public string What => "power losses at every step of a log and its side files: nothing acknowledged is lost";

    public double Weight => 2;

    public string? Lacks => null;

    public Task RunAsync(TortureRun run)
    {
        foreach (Attempt attempt in run.Attempts()) Try(attempt);
        return Task.CompletedTask;
    }

    private static void Try(Attempt attempt)
    {
        OffsetWidth width = OffsetWidths.All[attempt.Random.Next(OffsetWidths.All.Count)];
        var options = new LogOptions { Width = width, CrcBlockBytes = 4096, RecordBytesMax = 1 << 20 };
        var judge = new ImageJudge(attempt, options);
        PowerImage start = new();
        for (int lives = attempt.Random.Next(1, LivesMax + 1); lives > 0; lives--)
        {
            PowerImage? kept = null;
            int keep = attempt.Random.Next(1, 200);
            var life = new LogLife(attempt, start, width)
            {
                ImagesPerStep = ImagesPerStep,
                Take = image =>
                {
                    judge.Judge(image);
                    if (keep-- == 0) kept = image;
                },
            };
            life.Run();
            start = kept ?? life.Image();
        }
    }
}
