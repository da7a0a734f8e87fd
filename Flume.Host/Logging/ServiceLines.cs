namespace Flume.Host.Logging;

/// <summary>The lines of the service itself.</summary>
internal static partial class ServiceLines
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information,
        Message = "flume {Version} started: directory {Directory}, configuration {Configuration}, {Rest}")]
    public static partial void Started(
        ILogger logger, string version, string directory, string configuration, string rest);

    [LoggerMessage(
        EventId = 2, Level = LogLevel.Information, Message = "stopping: appends are refused, running work is finished")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(
        EventId = 4, Level = LogLevel.Information, Message = "identity {Identity} opened: {Kind}, head {Head}, {Views} views")]
    public static partial void Opened(ILogger logger, string identity, string kind, long head, int views);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void Noted(ILogger logger, string text);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "{Text}")]
    public static partial void Failed(ILogger logger, string text);

    [LoggerMessage(
        EventId = 7, Level = LogLevel.Information, Message = "connection of {Peer} from {Remote} to {Identity} as {Role}")]
    public static partial void Connected(ILogger logger, string peer, string remote, string identity, string role);

    [LoggerMessage(
        EventId = 8, Level = LogLevel.Information, Message = "connection of {Peer} from {Remote} to {Identity} ended")]
    public static partial void Disconnected(ILogger logger, string peer, string remote, string identity);
}
