using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Views.Rebuilds;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

/// <summary>An engine under random operations, beside a model of what each view has accepted.</summary>
/// <remarks>
/// The model: a view is paused from an accepted pause to an accepted resume, its budget is the last one accepted, and
/// neither a killed actor nor a restart of the engine changes that. A paused view refuses rebuild, cancel and budgets do
/// not matter to it. While rows are not rebuilt for a deletion, since never goes back for a reader.
/// </remarks>
internal sealed class OperationsWorld(int seed) : IAsyncDisposable
{
    private static readonly string[] Names = ["alpha", "beta", "gamma"];

    private static readonly string[] Victims =
        ["alpha/alpha", "beta/beta", "rebuild", "registry/journal", "registry", ""];

    private readonly Random _random = new(seed);
    private readonly EngineRig _rig = new("", [.. Names.Select(name => new TestView(name))]);
    private readonly Dictionary<string, PauseInfo?> _paused = Names.ToDictionary(name => name, _ => (PauseInfo?)null);
    private readonly Dictionary<string, IndexBudget> _budgets = Names.ToDictionary(name => name, _ => IndexBudget.Full);
    private readonly List<Offset> _offsets = [];
    private readonly List<string> _history = [];
    private readonly HashSet<string> _unstored = [];
    private bool _registryWasAway;
    private int _retries;

    /// <summary>What was done, in order.</summary>
    public string History => string.Join(", ", _history);

    public async Task StartAsync()
    {
        await _rig.StartAsync();
        await AppendAsync();
        // Now every view has rows of its version, so a cancelled rebuild pauses none.
        foreach (string view in Names) await UntilAsync(view, status => status.State == ViewState.Live && status.Since.IsSome);
    }

    /// <summary>Does one random thing and checks what came of it.</summary>
    public async Task StepAsync()
    {
        string view = Names[_random.Next(Names.Length)];
        switch (_random.Next(14))
        {
            case 0 or 1: await AppendAsync(); break;
            case 2 or 3: await RebuildAsync(view); break;
            case 4: await CommandAsync("cancel", view, selection => _rig.Alice.CancelAsync(selection)); break;
            case 5: await PauseAsync(view); break;
            case 6 or 7: await ResumeAsync(view); break;
            case 8: await BudgetAsync(view); break;
            case 9: await DeleteAsync(); break;
            case 10 or 11: await KillAsync(Victims[_random.Next(Victims.Length)]); break;
            case 12 when _random.Next(3) == 0: await RestartAsync(); break;
            default: await ReadAsync(view); break;
        }
    }

    /// <summary>Resumes every view, waits until all are live, and compares them with a fresh rebuild.</summary>
    public async Task EndAsync()
    {
        foreach (string view in Names)
        {
            if (_paused[view] is not null) await ResumeAsync(view);
        }

        // A rebuild for a deletion that an operator cancelled is still pending, and runs after a restart.
        await RestartAsync();
        foreach (string view in Names)
            await UntilAsync(view, status => status.State == ViewState.Live && status.Since == _rig.Alice.Log.Head);
        await _rig.Engine.StopAsync();
        string views = Path.Combine(Path.GetDirectoryName(_rig.LogPath)!, "views"), fresh = Path.Combine(_rig.DataDirectory, "fresh");
        using OffsetLog log = OffsetLog.Open(_rig.LogPath);
        RebuildReport report = await OfflineRebuild.RunAsync(log, new SsbFormat(null), fresh, _rig.Views);
        Assert.All(report.Views, view => Assert.Null(view.Failure));
        foreach (string view in Names)
        {
            string[] expected = Rows(fresh, view), served = Rows(views, view);
            Assert.True(expected.SequenceEqual(served), $"{view} lacks [{string.Join(", ", expected.Except(served))}] and has "
                + $"[{string.Join(", ", served.Except(expected))}] beyond a rebuild");
            Assert.Single(Directory.GetDirectories(Path.Combine(views, view), "store-*"));
        }
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private async Task AppendAsync()
    {
        int count = _random.Next(1, 40);
        Note($"append {count}");
        ReadOnlyMemory<byte>[] payloads = [.. Enumerable.Range(0, count).Select(i => EngineRig.Message(_offsets.Count + i))];
        Appended appended = await PatientlyAsync(async () => await _rig.Alice.AppendAsync(payloads, Durability.Os));
        _offsets.AddRange(appended.Offsets);
    }

    private async Task DeleteAsync()
    {
        int at = _random.Next(_offsets.Count);
        Note($"delete {_offsets[at]}");
        await PatientlyAsync(async () =>
        {
            try
            {
                await _rig.Alice.DeleteAsync(_offsets[at]);
            }
            catch (AppendFailedException interrupted) when (interrupted.Message.Contains("was interrupted", StringComparison.Ordinal))
            {
                // A part of the identity was killed. The deletion is completed or has not begun.
            }

            return true;
        });
        // As with any command: the journal may be stopped when it should store the pending rebuild.
        if (_registryWasAway) _unstored.UnionWith(Names);
    }

    private async Task RebuildAsync(string view)
    {
        Offset? from = _random.Next(3) == 0 && _offsets.Count > 0 ? _offsets[_random.Next(_offsets.Count)] : null;
        bool accepted = await CommandAsync(
            from is null ? "rebuild" : $"rebuild from {from}", view, selection => _rig.Alice.RebuildAsync(selection, from));
        Assert.False(accepted && _paused[view] is not null, $"{view} is paused and accepted a rebuild");
    }

    private async Task PauseAsync(string view)
    {
        PauseInfo pause = new($"number {_history.Count}", _random.Next(2) == 0 ? null : DateTimeOffset.UtcNow.AddDays(9));
        if (await CommandAsync("pause", view, selection => _rig.Alice.PauseAsync(selection, pause.Reason, pause.Until)))
            _paused[view] = pause;
        await AsAcceptedAsync(view);
    }

    private async Task ResumeAsync(string view)
    {
        int retries = _retries;
        bool accepted = await CommandAsync("resume", view, selection => _rig.Alice.ResumeAsync(selection));
        // A first try whose answer got lost with an actor may have done it.
        accepted |= _retries > retries && (await StatusAsync(view)).Paused is null;
        Assert.True(accepted || _paused[view] is null, $"{view} is paused and refused to resume");
        if (accepted) _paused[view] = null;
        await AsAcceptedAsync(view);
    }

    private async Task BudgetAsync(string view)
    {
        IndexBudget budget = new(_random.Next(2, 11) / 10.0, _random.Next(2) == 0 ? null : _random.Next(20_000, 90_000));
        Assert.True(await CommandAsync("budget", view, selection => _rig.Alice.BudgetAsync(selection, budget)));
        _budgets[view] = budget;
        await AsAcceptedAsync(view);
    }

    private async Task KillAsync(string victim)
    {
        Note($"kill {victim}");
        _registryWasAway |= victim.Length == 0 || victim.StartsWith("registry", StringComparison.Ordinal);
        string path = victim.Length == 0 ? "/user/pub/alice/views" : "/user/pub/alice/views/" + victim;
        try
        {
            IActorRef actor = await _rig.Engine.System.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(1));
            actor.Tell(_random.Next(2) == 0 ? Kill.Instance : PoisonPill.Instance);
        }
        catch (ActorNotFoundException)
        {
            // It is just being started again after the last time.
        }
    }

    private async Task RestartAsync()
    {
        // What was done while the registry was away is stored with the next command that it answers.
        foreach (string view in _unstored.ToArray())
            await PatientlyAsync(async () =>
                (await _rig.Alice.BudgetAsync(ViewSelection.One(view), _budgets[view])).Views[0] is { IsAccepted: true } said
                && !said.Text.Contains("the journal has not stored this", StringComparison.Ordinal)
                    ? _unstored.Remove(view)
                    : throw new IdentityRejectedException($"{view} is not stored"));
        Note("restart");
        await _rig.RestartAsync();
        _registryWasAway = false;
        foreach (string view in Names) await AsAcceptedAsync(view);
    }

    private async Task ReadAsync(string view)
    {
        Note($"read {view}");
        bool wait = _paused[view] is null;
        Offset head = await PatientlyAsync(() => Task.FromResult(_rig.Alice.Log.Head));
        await PatientlyAsync(async () =>
        {
            using ViewRead read = await _rig.Alice.ReadAsync(view, wait ? ReadFreshness.Fresh : ReadFreshness.NoWait);
            Assert.True(!wait || read.Since >= head, $"{view} answered as of {read.Since}, older than {head}");
            return true;
        });
    }

    /// <summary>Repeats a command until its view decided on it; true when it was accepted.</summary>
    private async Task<bool> CommandAsync(string word, string view, Func<ViewSelection, ValueTask<CommandOutcome>> command)
    {
        ViewOutcome outcome = await PatientlyAsync(async () =>
        {
            ViewOutcome said = (await command(ViewSelection.One(view))).Views[0];
            return said.Text.Contains("restarts after a delay", StringComparison.Ordinal)
                ? throw new IdentityRejectedException(said.Text)
                : said;
        });
        Note($"{word} {view} {(outcome.IsAccepted ? "ok" : "no")}");
        if (outcome.Text.Contains("the journal has not stored this", StringComparison.Ordinal))
            _unstored.Add(view);
        return outcome.IsAccepted;
    }

    private Task AsAcceptedAsync(string view) => UntilAsync(view, status =>
        Equals(status.Paused, _paused[view]) && status.Budget == _budgets[view]
        && (_paused[view] is null) == (status.State != ViewState.Paused));

    private async Task<ViewStatus> StatusAsync(string view) =>
        (await _rig.Alice.StatusAsync()).Single(one => one.Name == view);

    private async Task UntilAsync(string view, Func<ViewStatus, bool> isSo)
    {
        string last = "";
        await PatientlyAsync(async () =>
        {
            ViewStatus status = await StatusAsync(view);
            last = status.ToString();
            return isSo(status) ? true : throw new IdentityRejectedException($"{view} is {last}, expected {_paused[view]} {_budgets[view]}");
        });
    }

    /// <summary>Tries again while a part of the engine is being started anew.</summary>
    private async Task<T> PatientlyAsync<T>(Func<Task<T>> work)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception refused) when (!patience.IsCancellationRequested
                && refused is IdentityRejectedException or ReadRejectedException or AppendRejectedException)
            {
                _retries++;
                await Task.Delay(5);
            }
        }
    }

    private void Note(string done) => _history.Add(done);

    private static string[] Rows(string views, string view)
    {
        using ViewStoreDirectory directory = new(Path.Combine(views, view), view, new StoreResources(new StoreLimits()));
        using IViewReader reader = directory.OpenCurrent()!.OpenReader();
        using StringWriter rows = new();
        StoreDump.Write(reader, rows);
        return rows.ToString().Split('\n');
    }
}
