using Flume.Log;
using Flume.Tools.Generate.Planning;
using Flume.Tools.Generate.Signing;

namespace Flume.Tools.Generate;

/// <summary>
/// Writes a log in windows: one thread plans a window, all threads sign it, then it is appended in order.
/// </summary>
/// <remarks>
/// Messages of one window can't mention one another, because their ids are not known yet. A window is therefore an
/// eighth of the existing log, within limits: large enough for all threads, small enough for replies in a short log.
/// </remarks>
internal sealed class WindowWriter
{
    private const int WindowMin = 16, WindowMax = 512, WindowShare = 8;

    private readonly Planner _planner;
    private readonly WindowSigner _signer;
    private readonly MessagePlan[] _plans = new MessagePlan[WindowMax];
    private readonly ReadOnlyMemory<byte>[] _payloads = new ReadOnlyMemory<byte>[WindowMax];

    /// <summary>Creates a writer at the start of a log.</summary>
    public WindowWriter(GenerateOptions options, Authors authors, int threads)
    {
        Options = options;
        var feedStates = new FeedStates(options.Messages);
        _planner = new Planner(options);
        _signer = new WindowSigner(threads, WindowMax, () => new RecordMaker(options, authors, feedStates));
    }

    /// <summary>The options of the generation.</summary>
    public GenerateOptions Options { get; }

    /// <summary>Receives progress after each window; null for none.</summary>
    public IProgress<GenerateProgress>? Progress { get; init; }

    /// <summary>Appends all messages to <paramref name="log"/>, which must be empty.</summary>
    public void Write(OffsetLog log, CancellationToken cancellation)
    {
        for (int done = 0; done < Options.Messages;)
        {
            cancellation.ThrowIfCancellationRequested();
            int window = Math.Min(Math.Clamp(done / WindowShare, WindowMin, WindowMax), Options.Messages - done);
            for (int place = 0; place < window; place++) _plans[place] = _planner.Next();
            _signer.Sign(_plans, window);
            for (int place = 0; place < window; place++)
            {
                _planner.Publish(_plans[place]);
                _payloads[place] = _signer.Record(place);
            }
            log.Append(_payloads.AsSpan(0, window), Durability.Os);
            done += window;
            Progress?.Report(new GenerateProgress(done, Options.Messages, log.EndPosition));
        }
    }
}
