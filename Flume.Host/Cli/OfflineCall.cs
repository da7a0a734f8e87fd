using System.IO.Pipelines;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Cli;

/// <summary>Answers an API call from a data directory, with an engine in this process instead of a server.</summary>
internal static class OfflineCall
{
    /// <summary>Prints the answer in the server's format.</summary>
    public static async Task<int> RunAsync(
        CallVerb.Request request, DataDirectory data, Stream output, CancellationToken cancel)
    {
        string name = Target.Identity(request.Identity, data);
        if (!BuiltInApi.Table.TryGet(request.Method, out ApiMethod method))
        {
            string hint = Spelling.Hint(request.Method, BuiltInApi.Table.Methods.Select(known => known.Name));
            throw VerbException.Usage(
                $"There is no API method '{request.Method}'.{hint} 'flume call help' lists them.");
        }

        OfflineUse use = new(Writes: method.Scope != Scope.Read);
        await using OfflineEngine session = OfflineEngine.Start(data, use);
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
