using Microsoft.Extensions.Logging.Console;

namespace Flume.Host.Logging;

/// <summary>The log lines of a process, on standard error; standard output holds results alone.</summary>
internal static class OperatorLog
{
    /// <summary>The category of the service: start, stop, identities, and parts that failed.</summary>
    public const string Service = "Flume.Service";

    /// <summary>The category of what callers did or were refused.</summary>
    public const string Audit = "Flume.Audit";

    /// <summary>The category of failures that nobody expects; one that repeats is counted.</summary>
    public const string Failures = "Flume.Failures";

    private const string IsoTime = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Creates the factory of all loggers.</summary>
    public static ILoggerFactory Create(LoggingSettings settings) => LoggerFactory.Create(logging =>
    {
        // Libraries speak from warnings on, unless a line of 'levels' says otherwise.
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Flume", settings.Level);
        foreach ((string category, LogLevel level) in settings.Categories) logging.AddFilter(category, level);
        logging.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        switch (settings.Format)
        {
            case LogFormat.Json:
                logging.AddJsonConsole(json =>
                    (json.TimestampFormat, json.UseUtcTimestamp, json.IncludeScopes) = (IsoTime, true, true));
                break;
            case LogFormat.Systemd:
                logging.AddSystemdConsole();
                break;
            default:
                logging.AddSimpleConsole(line =>
                {
                    (line.TimestampFormat, line.UseUtcTimestamp) = (IsoTime + " ", true);
                    line.SingleLine = true;
                });
                break;
        }
    });
}
