using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Embedded.Tests.Actors;

public sealed class LoggingTests : IDisposable
{
    private static readonly ConcurrentDictionary<string, BlockingCollection<LogEvent>> s_loggedBySystem = new();
    private static int s_systems;

    private readonly string _name = "logging" + Interlocked.Increment(ref s_systems);
    private readonly ActorSystem _system;

    public LoggingTests()
    {
        s_loggedBySystem[_name] = [];
        _system = ActorSystem.Create(_name, ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = INFO
              stdout-loglevel = OFF
              loggers = ["{{typeof(Collector).AssemblyQualifiedName}}"]
            }
            """));
    }

    public void Dispose() => Assert.True(_system.Terminate().Wait(TimeSpan.FromSeconds(10)));

    [Fact]
    public void A_configured_logger_gets_what_is_logged_from_its_level_up()
    {
        var log = Logging.GetLogger(_system, "source");
        log.Debug("too low");
        log.Info("plain");
        log.Warning("with {0} and {1}", 1, "two");
        log.Error(new TimeoutException("late"), "failed {0}", 3);
        Assert.Equal("plain", Next(LogLevel.InfoLevel).Message);
        Assert.Equal("with 1 and two", Next(LogLevel.WarningLevel).Message.ToString());
        var error = Next(LogLevel.ErrorLevel);
        Assert.Equal("failed 3", error.Message.ToString());
        Assert.IsType<TimeoutException>(error.Cause);
        Assert.Equal((false, true, true, true),
            (log.IsDebugEnabled, log.IsInfoEnabled, log.IsWarningEnabled, log.IsErrorEnabled));
    }

    [Fact]
    public void Names_in_a_format_are_filled_in_order()
    {
        Logging.GetLogger(_system, "source").Info("at {Offset} of {Length}", 5, 9);
        Assert.Equal("at 5 of 9", Next(LogLevel.InfoLevel).Message.ToString());
    }

    [Fact]
    public void An_actor_logs_in_its_own_name()
    {
        _system.ActorOf(Props.Create(() => new Speaker()), "speaker").Tell("hello");
        var logged = Next(LogLevel.InfoLevel);
        Assert.Equal($"akka://{_name}/user/speaker", logged.LogSource);
        Assert.Equal(typeof(Speaker), logged.LogClass);
    }

    [Fact]
    public void The_failure_of_an_actor_is_logged_with_its_cause()
    {
        _system.ActorOf(Props.Create(() => new Speaker()), "speaker").Tell(7);
        var logged = Next(LogLevel.ErrorLevel);
        Assert.Equal("seven", logged.Message.ToString());
        Assert.IsType<InvalidOperationException>(logged.Cause);
        Assert.Equal($"akka://{_name}/user/speaker", logged.LogSource);
    }

    [Fact]
    public void A_dead_letter_is_logged()
    {
        _system.ActorSelection("/system/deadLetterListener").ResolveOne(TimeSpan.FromSeconds(10)).Wait();
        _system.DeadLetters.Tell("lost", ActorRefs.NoSender);
        Assert.Contains("was not delivered", Next(LogLevel.InfoLevel).Message.ToString());
    }

    [Theory]
    [InlineData("DEBUG", LogLevel.DebugLevel)]
    [InlineData("info", LogLevel.InfoLevel)]
    [InlineData("Warning", LogLevel.WarningLevel)]
    [InlineData("ERROR", LogLevel.ErrorLevel)]
    public void Levels_have_names(string name, LogLevel level)
    {
        Assert.Equal(level, Logging.LogLevelFor(name));
        Assert.Equal(name.ToUpperInvariant(), level.StringFor());
    }

    private LogEvent Next(LogLevel level)
    {
        while (true)
        {
            Assert.True(s_loggedBySystem[_name].TryTake(out var logged, TimeSpan.FromSeconds(10)),
                "Nothing was logged.");
            if (logged.LogLevel() == level)
                return logged;
        }
    }

    public sealed class Collector : ReceiveActor
    {
        public Collector()
        {
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            var logged = s_loggedBySystem[Context.System.Name];
            Receive<LogEvent>(e => logged.Add(e));
        }
    }

    private sealed class Speaker : ReceiveActor
    {
        public Speaker()
        {
            Receive<string>(m => Context.GetLogger().Info(m));
            Receive<int>(_ => throw new InvalidOperationException("seven"));
        }
    }
}
