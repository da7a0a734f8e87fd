using Flume.Ssb.Api;
using Xunit;

namespace Flume.Actors.Tests.Views;

/// <summary>What surrounds a <see cref="ViewStateMachine"/>: a log, a rebuilder, an operator; checks every decision.</summary>
internal sealed class ViewWorld
{
    private readonly Random _random;
    private readonly List<long> _mailbox = [];
    private long? _atLog;
    private bool _scanning;
    private bool _nextOpen;
    private long _head = 10;
    private long _since = 3;
    private long _next;

    public ViewWorld(Random random)
    {
        _random = random;
        bool usable = random.Next(2) == 0;
        string? owed = usable && random.Next(2) == 0 ? null : "owed";
        Do(View.Opened(usable, owed, Maybe(new PauseInfo("night", null)), Maybe("a bug")));
    }

    public ViewStateMachine View { get; } = new("feeds");

    public void RandomInput()
    {
        switch (_random.Next(13))
        {
            case 0: _head += _random.Next(4); News(); break;
            case 1: Command(() => View.Rebuild("requested")); break;
            case 2: Command(View.Cancel); break;
            case 3: Command(() => View.PauseNow(new PauseInfo("again", null))); break;
            case 4: Command(View.Resume); break;
            case 11: Command(() => View.PurgeDeleted("a record was deleted")); break;
            case 12: BeOvertaken(); break;
            case 5: Built(); break;
            case 6: FailBuild(); break;
            case 7 when _random.Next(5) == 0: Do(View.Damaged("damage")); break;
            default: StepOnce(); break;
        }
    }

    /// <summary>The operator resumes once; then only the log and the rebuilder act.</summary>
    public void LeaveAlone()
    {
        Command(View.Resume);
        for (int i = 0; i < 100; i++)
        {
            Built();
            News();
            StepOnce();
        }
    }

    private void News()
    {
        if (_atLog is not { } token || _head <= _since) return;
        _atLog = null;
        Do(View.HeadAdvanced(token));
    }

    private void StepOnce()
    {
        if (_mailbox.Count == 0) return;
        long token = _mailbox[0];
        _mailbox.RemoveAt(0);
        if (!View.Admits(token)) return;
        ref long moving = ref View.IsCuttingOver ? ref _next : ref _since;
        moving = Math.Min(_head, moving + _random.Next(1, 4));
        Do(View.Stepped(moving == _head, View.IsCuttingOver && _next >= _since));
    }

    /// <summary>As a step that finds that too much is left.</summary>
    private void BeOvertaken()
    {
        if (_mailbox.Count == 0 || !View.Admits(_mailbox[0]) || View.IsCuttingOver) return;
        bool wasScanning = _scanning;
        Do(View.TooFarBehind("much is left"));
        Assert.Equal(wasScanning, View.MayStep);
    }

    private void Built()
    {
        if (!_scanning) return;
        _scanning = false;
        _next = _random.NextInt64(_head + 1);
        Do(View.Built());
    }

    private void FailBuild()
    {
        if (!_scanning) return;
        _scanning = false;
        Do(View.BuildFailed());
    }

    private void Command(Func<ViewDecision> command)
    {
        (ViewState, long, bool) before = (View.State, View.Token, View.MayStep);
        ViewDecision decision = command();
        if (!decision.IsAccepted)
        {
            Assert.Equal(ViewEffects.None, decision.Effects);
            Assert.Equal(before, (View.State, View.Token, View.MayStep));
            Assert.Contains("feeds", decision.Text);
        }

        Do(decision.Effects);
    }

    private void Do(ViewEffects effects)
    {
        bool Has(ViewEffects effect) => effects.HasFlag(effect);
        if (Has(ViewEffects.CancelRebuild)) _scanning = false;
        if (Has(ViewEffects.DropNext)) Assert.True(_nextOpen);
        if (Has(ViewEffects.DropNext)) _nextOpen = false;
        if (Has(ViewEffects.OpenNext)) _nextOpen = true;
        if (Has(ViewEffects.Promote))
        {
            Assert.True(_nextOpen && _next >= _since, "rows went back");
            (_nextOpen, _since) = (false, _next);
        }

        if (Has(ViewEffects.RequestRebuild)) _scanning = true;
        if (Has(ViewEffects.Step)) _mailbox.Add(View.Token);
        if (Has(ViewEffects.AwaitHead)) _atLog = View.Token;
        if (Has(ViewEffects.Crash)) Do(View.Opened(usable: false, "no store", null, Maybe("a bug")));
        Check();
    }

    private void Check()
    {
        int valid = _mailbox.Count(token => token == View.Token) + (_atLog == View.Token ? 1 : 0);
        Assert.Equal(View.MayStep ? 1 : 0, valid);
        Assert.Equal(_nextOpen, View.IsCuttingOver);
        Assert.Equal(View.State == ViewState.Rebuilding, View.RebuildReason is not null);
        Assert.True(View.MayStep || View.IsNotAdvancing || View.State == ViewState.Rebuilding);
        if (View.State == ViewState.Live) Assert.Equal(View.Token, _atLog);
    }

    private T? Maybe<T>(T value) where T : class => _random.Next(3) == 0 ? value : null;
}
