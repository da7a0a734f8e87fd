using System.Text;
using Flume.Actors;
using Flume.Log;
using Flume.Query.Json;
using Flume.Sql.Asking;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;

namespace Flume.Sql.Tests;

/// <summary>An engine with the SQL view and a few others, over a folder of its own.</summary>
internal sealed class SqlRig : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SqlOptions Options { get; set; } = new();

    public IReadOnlyList<string> Identities { get; set; } = [];

    public FlumeEngine Engine { get; private set; } = null!;

    public IIdentity Alice { get; private set; } = null!;

    public string IdentityFolder => _folder[Path.Combine("identities", "alice")];

    public string ViewFolder => Path.Combine(IdentityFolder, "views", "sql");

    /// <summary>The name that other programs open.</summary>
    public string Link => Path.Combine(ViewFolder, "sql.sqlite");

    public static async Task<SqlRig> StartedAsync(SqlOptions? options = null)
    {
        var rig = new SqlRig { Options = options ?? new SqlOptions() };
        await rig.StartAsync();
        return rig;
    }

    public async Task StartAsync()
    {
        FlumeSettings settings = FlumeSettings.Parse($"{EngineRig.Hocon}\nflume.directory = \"{_folder.Path}\"", "test");
        ViewCatalog views = new(
            [new SqlView(Options, new SqlLimits(), Identities), SsbViews.Catalog.Get("hashmap"), SsbViews.Catalog.Get("feeds")]);
        Engine = FlumeEngine.Start(settings, views);
        Alice = Engine.Names.Contains("alice") ? await Engine.OpenAsync("alice") : await Engine.CreateAsync("alice");
    }

    /// <summary>Stops the engine, lets a test change files, and starts it again.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await Engine.StopAsync();
        meanwhile?.Invoke();
        await StartAsync();
    }

    public async Task<Offset> AppendAsync(IEnumerable<string> records)
    {
        ReadOnlyMemory<byte>[] payloads = [.. records.Select(record => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(record))];
        return (await Alice.AppendAsync(payloads, Durability.Os)).Last;
    }

    /// <summary>The rows of a statement as JSON lines, through the API method.</summary>
    public async Task<string> AskAsync(string sql)
    {
        ApiMethod method = new SqlView(Options, new SqlLimits(), []).Methods.Single();
        JsArray args = new JsArray().Add(JsValue.From(new JsObject().Set("sql", JsValue.From(sql))));
        List<string> rows = [];
        await foreach (JsValue row in method.Open!(new ApiCall(Alice, args, default))) rows.Add(row.ToJson());
        return string.Join('\n', rows);
    }

    /// <summary>The state of a view, once it is as wanted.</summary>
    public async Task<ViewStatus> UntilAsync(Func<ViewStatus, bool> isWanted, string view = "sql")
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            ViewStatus status = (await Alice.StatusAsync(late.Token)).Single(one => one.Name == view);
            if (isWanted(status)) return status;
            await Task.Delay(10, late.Token);
        }
    }

    public Task<ViewStatus> LiveAsync() => UntilAsync(status => status.State == ViewState.Live && status.Since == status.Head);

    /// <summary>Equal to a file that is built now, from the same log.</summary>
    public void RequireRebuiltEqual()
    {
        using OffsetLog log = OffsetLog.Open(Path.Combine(IdentityFolder, "log.offset"), new LogOptions { ReadOnly = true });
        string path = _folder[$"{Guid.NewGuid():N}.sqlite"];
        Build.FileBuild.Run(
            new Build.FileBuildRequest(path, log, Options) { Format = new SsbFormat(Alice.Boxes), OwnFeed = Alice.Keys?.Id ?? "" }, default);
        Assert.Equal(SqlFixture.Dump(path), SqlFixture.Dump(Link));
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync();
        _folder.Dispose();
    }
}
