using Flume.Ssb.Messages;

namespace Flume.Tools.Generate.Planning;

/// <summary>
/// Plans the messages in sequence: author, times, kind, and the earlier messages that each mentions.
/// </summary>
/// <remarks>
/// 1. One thread and one random stream: a plan depends only on the options and on earlier plans.
/// 2. A message can be mentioned only after <see cref="Publish"/>, which the generator calls when the id is known.
/// 3. Received times increase. An author's claimed times increase too, except in some odd messages.
/// </remarks>
internal sealed class Planner
{
    /// <summary>5 August 2015: the first time in the test vectors.</summary>
    private const double Epoch = 1_438_787_145_000;

    private const double GapMsMean = 240_000;
    private const double SpanMsMax = 7.5 * 365 * 86_400_000;
    private const double DayMs = 86_400_000;

    private static readonly int OddVariants = Enum.GetValues<OddVariant>().Length;
    private static readonly int PoisonVariants = Enum.GetValues<PoisonVariant>().Length;

    private readonly GenerateOptions _options;
    private readonly double _gapMsMean;
    private readonly int[] _lastMessage;
    private readonly int[] _sequence;
    private readonly double[] _lastClaimed;
    private readonly int[] _lastReply;
    private readonly int[] _replyBefore;
    private readonly MessageList _posts = new(), _threads = new(), _conversations = new();
    private readonly MessageList _gatherings = new(), _repos = new();
    private RandomStream _random;
    private double _received = Epoch;
    private int _next;

    /// <summary>Creates a planner at the start of a log.</summary>
    public Planner(GenerateOptions options)
    {
        _options = options;
        _random = new RandomStream(options.Seed, StreamOf.Plan, 0);
        _gapMsMean = Math.Min(GapMsMean, SpanMsMax / options.Messages);
        _lastMessage = Filled(options.Authors);
        _sequence = new int[options.Authors];
        _lastClaimed = new double[options.Authors];
        _lastReply = Filled(options.Messages);
        _replyBefore = Filled(options.Messages);
    }

    /// <summary>Plans the next message.</summary>
    public MessagePlan Next()
    {
        var plan = new MessagePlan { Index = _next++, Target = -1, Branch = -1, SecondBranch = -1 };
        plan.Author = plan.TargetAuthor = _random.Popular(_options.Authors);
        PickKind(ref plan);
        PickTarget(ref plan);
        PickTimes(ref plan);
        plan.Previous = _lastMessage[plan.Author];
        plan.Sequence = ++_sequence[plan.Author];
        _lastMessage[plan.Author] = plan.Index;
        return plan;
    }

    /// <summary>Makes this message available to later ones.</summary>
    public void Publish(in MessagePlan plan)
    {
        switch (plan.Kind)
        {
            case MessageKind.Post:
                _posts.Add(plan.Index, plan.Author);
                if (plan.Target < 0) _threads.Add(plan.Index, plan.Author);
                else
                {
                    _replyBefore[plan.Index] = _lastReply[plan.Target];
                    _lastReply[plan.Target] = plan.Index;
                }
                break;
            case MessageKind.Private when plan.Target < 0: _conversations.Add(plan.Index, plan.Author); break;
            case MessageKind.Gathering: _gatherings.Add(plan.Index, plan.Author); break;
            case MessageKind.Git when plan.Target < 0: _repos.Add(plan.Index, plan.Author); break;
        }
    }

    private void PickKind(ref MessagePlan plan)
    {
        plan.Kind = MessageMix.Pick(ref _random);
        if (_options.Poison && plan.Index % MessageMix.PoisonEvery == MessageMix.PoisonEvery / 2)
        {
            plan.Kind = MessageKind.Poison;
            plan.Variant = plan.Index / MessageMix.PoisonEvery % PoisonVariants;
        }
        else if (_options.Odd && plan.Index % MessageMix.OddEvery == MessageMix.OddEvery / 2)
        {
            plan.Kind = MessageKind.Odd;
            plan.Variant = plan.Index / MessageMix.OddEvery % OddVariants;
        }
    }

    private void PickTarget(ref MessagePlan plan)
    {
        switch (plan.Kind)
        {
            case MessageKind.Vote:
                if (!TryTarget(ref plan, _posts, 1000)) plan.Kind = MessageKind.Post;
                break;
            case MessageKind.Post:
                if (!TryTarget(ref plan, _threads, 690)) break;
                plan.Branch = _lastReply[plan.Target];
                if (plan.Branch >= 0) plan.SecondBranch = _replyBefore[plan.Branch];
                break;
            case MessageKind.Private:
                if (TryTarget(ref plan, _conversations, 550)) plan.Author = AnyReader(plan);
                break;
            case MessageKind.About: TryTarget(ref plan, _gatherings, 80); break;
            case MessageKind.Git: TryTarget(ref plan, _repos, 930); break;
        }
    }

    private bool TryTarget(ref MessagePlan plan, MessageList list, int perMille)
    {
        if (list.IsEmpty || !_random.Chance(perMille)) return false;
        (plan.Target, plan.TargetAuthor) = list.Pick(ref _random);
        return true;
    }

    private int AnyReader(in MessagePlan plan)
    {
        Span<int> readers = stackalloc int[PrivateBox.RecipientsMax];
        return readers[_random.Below(Conversation.Readers(_options, plan.Target, plan.TargetAuthor, readers))];
    }

    private void PickTimes(ref MessagePlan plan)
    {
        // Messages replicated within one millisecond get fractions, as from JavaScript's monotonic clock.
        double unit = _random.Unit();
        bool burst = _random.Chance(10);
        _received = burst ? _received + 0.001 : Math.Floor(_received) + 1 + Math.Floor(_gapMsMean * 3 * unit * unit);
        plan.Received = Math.Round(_received * 1000) / 1000;

        bool offline = _random.Chance(40);
        double delay = offline ? 4 * DayMs * _random.Unit() : 200 + (360_000 * _random.Unit() * _random.Unit());
        double last = _lastClaimed[plan.Author];
        plan.Claimed = Math.Max(last + 1, Math.Floor(_received - delay));
        if (plan.Is(OddVariant.FutureDated)) plan.Claimed += Math.Floor(3650 * DayMs * _random.Unit());
        else if (plan.Is(OddVariant.ClockBackwards)) plan.Claimed -= Math.Floor(90 * DayMs * _random.Unit());
        else if (plan.Is(OddVariant.FractionalClock)) plan.Claimed += 0.125 * _random.Between(1, 7);
        else _lastClaimed[plan.Author] = plan.Claimed;
    }

    private static int[] Filled(int length)
    {
        int[] none = new int[length];
        Array.Fill(none, -1);
        return none;
    }
}
