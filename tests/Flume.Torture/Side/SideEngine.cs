using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Torture.Side;

/// <summary>An engine in this process over a data directory.</summary>
internal sealed class SideEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FlumeEngine _engine;

    public SideEngine(string data) => _engine = FlumeEngine.Start(FlumeSettings.Parse(
        $"flume.directory = \"{data}\"\nakka {{ loglevel = OFF, stdout-loglevel = OFF }}\n"
        + "flume.views { restart-ms-min = 20, restart-ms-max = 100 }\nflume.rebuild.gather-ms = 5", "torture"));

    /// <summary>Opens an identity and waits until its views are live; what kept them from it, or null.</summary>
    public async Task<string?> LiveAsync(string name)
    {
        IIdentity identity = await _engine.OpenAsync(name);
        DateTime end = DateTime.UtcNow + Patience;
        while (true)
        {
            IReadOnlyList<ViewStatus> views = await identity.StatusAsync();
            ViewStatus[] late = [.. views.Where(view => !IsLive(view, identity.Log.Head))];
            if (late.Length == 0) return null;
            if (DateTime.UtcNow > end)
                return string.Join(", ", late.Select(view => $"{view.Name} {view.State} at {view.Since}"));
            await Task.Delay(10);
        }
    }

    public async Task PauseAsync(string name, string view)
    {
        IIdentity identity = await _engine.OpenAsync(name);
        await identity.PauseAsync(ViewSelection.One(view), "torture");
    }

    /// <summary>Ends a pause, if there is one.</summary>
    public async Task ResumeAsync(string name, string view)
    {
        IIdentity identity = await _engine.OpenAsync(name);
        await identity.ResumeAsync(ViewSelection.One(view));
    }

    /// <summary>Appends one record; why that was refused, or null.</summary>
    public async Task<string?> AppendAsync(string name)
    {
        IIdentity identity = await _engine.OpenAsync(name);
        try
        {
            await identity.AppendAsync([(ReadOnlyMemory<byte>)"{\"after\":1}"u8.ToArray()], Durability.Fsync);
            return null;
        }
        catch (Exception refused) when (refused is AppendRejectedException or AppendFailedException)
        {
            return refused.Message;
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static bool IsLive(ViewStatus view, Offset head) =>
        view.State == ViewState.Paused
        || (view.State == ViewState.Live && view.Since == head && view.Rebuilding is null);
}
