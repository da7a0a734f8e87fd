using System.IO.Pipelines;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Cli;

/// <summary>Answers an API call from a data directory, with an engine in this process instead of a server.</summary>
internal static class OfflineCall
{
    /// <summary>Prints the answer in the server's format.</summary>
    public static async Task<int> RunAsync(
        CallVerb.Request request, string directory, Stream output, CancellationToken cancel)
    {
        DataDirectory data = new(directory);
        string name = Where.Choose(request.Identity, data.Names(), data.Path);
        if (!BuiltInApi.Table.TryGet(request.Method, out ApiMethod method))
            throw new VerbException(
                ExitCode.Failed, $"There is no API method '{request.Method}'. 'flume call help' lists them.");

        await using OfflineEngine session = OfflineEngine.Start(data.Path);
        IIdentity identity = await session.OpenAsync(name, cancel).ConfigureAwait(false);
        NdjsonWriter lines = new(PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true)));
        await AnswerAsync(method, new ApiCall(identity, request.Args, cancel), lines, cancel).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    /// <summary>Writes the answer as JSON lines.</summary>
    internal static async Task AnswerAsync(ApiMethod method, ApiCall call, NdjsonWriter lines, CancellationToken cancel)
    {
        switch (method.Kind)
        {
            case ApiKind.Source:
                await foreach (JsValue item in method.Open!(call).WithCancellation(cancel).ConfigureAwait(false))
                {
                    lines.WriteLine(item);
                    await lines.FlushAsync(cancel).ConfigureAwait(false);
                }

                break;
            case ApiKind.Sink:
                throw VerbException.Usage(
                    $"{method.Name} needs a stream of items. Use a server: POST them after the call as JSON lines.");
            default:
                JsValue answer = await method.Call!(call).ConfigureAwait(false);
                if (answer.IsUndefined) break;
                lines.WriteLine(answer);
                await lines.FlushAsync(cancel).ConfigureAwait(false);
                break;
        }
    }
}
