using System.IO.Pipelines;
using System.Text;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Cli;

/// <summary>
/// Where statements go: to a server, or to an engine of the verb's own that stays open until the end.
/// </summary>
internal sealed class SqlSession((Target Target, string? Config) place, string? identity, int? limit)
    : IAsyncDisposable
{
    private const string Method = "sql.query";

    private OfflineEngine? _engine;
    private IIdentity? _opened;

    /// <summary>The rows of one statement, each an object.</summary>
    /// <exception cref="VerbException">The statement has no answer, and why.</exception>
    public async Task<IReadOnlyList<JsValue>> AskAsync(string sql, JsValue parameters, CancellationToken cancel)
    {
        JsObject options = new JsObject().Set("sql", JsValue.From(sql));
        if (!parameters.IsUndefined) options.Set("params", parameters);
        if (limit is { } rows) options.Set("limit", JsValue.From((double)rows));
        JsArray args = new JsArray().Add(JsValue.From(options));
        using MemoryStream answer = new();
        if (place is { Config: not null, Target.IsServer: true })
            throw VerbException.Usage("--config belongs to --data or --ssb; give one of them.");
        if (!place.Target.IsServer) await AskOwnAsync(args, answer, cancel).ConfigureAwait(false);
        else
            await CallVerb.AskAsync(
                new CallVerb.Request(Method, args, identity), (place.Target.Server, answer),
                cancel).ConfigureAwait(false);
        return Lines(answer);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AskOwnAsync(JsArray args, MemoryStream answer, CancellationToken cancel)
    {
        DataDirectory data = place.Target.Directory;
        _engine ??= OfflineEngine.Start(data, new OfflineUse(Writes: false)
        {
            ConfigFile = place.Config, Hocon = place.Config is null ? "flume.sql.enabled = on" : "",
        });
        if (!_engine.Methods.TryGet(Method, out ApiMethod method))
            throw new VerbException(
                ExitCode.Failed, $"{place.Config} does not switch the SQL view on. Set flume.sql.enabled = on in it.");
        _opened ??= await _engine.OpenAsync(Target.Identity(identity, data), cancel).ConfigureAwait(false);
        NdjsonWriter lines = new(PipeWriter.Create(answer, new StreamPipeWriterOptions(leaveOpen: true)));
        await OfflineCall.AnswerAsync(method, new ApiCall(_opened, args, cancel), lines, cancel).ConfigureAwait(false);
    }

    private static List<JsValue> Lines(MemoryStream answer)
    {
        List<JsValue> rows = [];
        answer.Position = 0;
        using StreamReader lines = new(answer);
        while (lines.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            JsValue row = JsValue.Parse(Encoding.UTF8.GetBytes(line));
            if (row["$error"] is { IsUndefined: false } error)
                throw new VerbException(
                    ExitCode.Failed, error["detail"].IsString ? error["detail"].AsString : error.ToJson());
            rows.Add(row);
        }

        return rows;
    }
}
