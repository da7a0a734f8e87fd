using Akka.Actor;
using Flume.Log;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Actors.Tests;

/// <summary>The base class of tests of one actor: files in a folder of their own, and probes instead of other actors.</summary>
public abstract class ActorTest : Akka.TestKit.Xunit2.TestKit
{
    /// <summary>Longest wait for a message that must come.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder;

    protected ActorTest(string hocon = "")
        : this(Directory.CreateTempSubdirectory("flume-actor-").FullName, hocon)
    {
    }

    private ActorTest(string folder, string hocon)
        : base(Parse(folder, hocon).Akka) => (_folder, Settings) = (folder, Parse(folder, hocon));

    private protected FlumeSettings Settings { get; }

    private protected string LogPath => IdentityFiles.In(FolderOf("alice")).Log;

    private protected string FolderOf(string identity) => Path.Combine(_folder, "identities", identity);

    private protected EngineServices Services(params IView[] views) => new(
        Settings, new ViewCatalog(views), new StoreResources(Settings.Store.ToLimits()), TimeProvider.System);

    /// <summary>Alice, with these views. Nothing is open.</summary>
    private protected IdentityContext Alice(params IView[] views) =>
        new("alice", IdentityFiles.In(FolderOf("alice")), Services(views));

    /// <summary>Opens alice's log with numbered messages, as her actor does.</summary>
    private protected static OffsetLog OpenLog(IdentityContext alice, int messages)
    {
        OffsetLog log = alice.Log.Open();
        if (messages > 0)
            log.Append([.. Enumerable.Range(0, messages).Select(EngineRig.Message)], Durability.Os);
        alice.Session.Opened(log, null);
        return log;
    }

    /// <summary>Stops an actor and waits until it has stopped.</summary>
    protected void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor, Patience);
        Unwatch(actor);
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        Shutdown(Patience, verifySystemShutdown: true);
        AwaitCondition(IsDeleted, Patience);
    }

    /// <summary>True when the folder is deleted; false while a thread removes an abandoned store in it.</summary>
    private bool IsDeleted()
    {
        try
        {
            if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static FlumeSettings Parse(string folder, string hocon) =>
        FlumeSettings.Parse($"{EngineRig.Hocon}\n{hocon}\nflume.directory = \"{folder}\"", "test");
}
