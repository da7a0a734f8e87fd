using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Flume.Actors.Tests.Hosting;

/// <summary>One line that a host logged, with the members of its scopes.</summary>
internal sealed record LogLine(string Category, LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> Scope);

/// <summary>Keeps the lines that a host logs.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<LogLine> All { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Writer(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            List<KeyValuePair<string, object?>> scope = [];
            lines._scopes.ForEachScope(static (one, into) =>
            {
                if (one is IEnumerable<KeyValuePair<string, object?>> members) into.AddRange(members);
            }, scope);
            lines.All.Enqueue(new LogLine(category, logLevel, formatter(state, exception), scope));
        }
    }
}
