using System.IO.Pipelines;
using System.Text;
using Flume.Host.Cli;
using Flume.Host.Http;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.SystemTests.Golden;

/// <summary>Asks as <c>flume call --http</c> does, in this process.</summary>
internal sealed class CallAnswers(Uri server, string identity) : IGoldenAnswers
{
    public async Task<GoldenAnswer> AskAsync(ApiMethod method, JsArray args)
    {
        using MemoryStream output = new();
        try
        {
            await CallVerb.AskAsync(new CallVerb.Request(method.Name, args, identity), (server, output), default);
            return GoldenAnswer.Of(method.Kind == ApiKind.Source, Encoding.UTF8.GetString(output.ToArray()));
        }
        catch (VerbException error)
        {
            return GoldenAnswer.Of(error.Message);
        }
    }
}

/// <summary>Asks as <c>flume call --data</c> does, in this process and with one engine for all calls.</summary>
internal sealed class OfflineAnswers(IIdentity identity) : IGoldenAnswers
{
    public async Task<GoldenAnswer> AskAsync(ApiMethod method, JsArray args)
    {
        using MemoryStream output = new();
        PipeWriter pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        try
        {
            ApiCall call = new(identity, args, default);
            await OfflineCall.AnswerAsync(method, call, new NdjsonWriter(pipe), default);
            return GoldenAnswer.Of(method.Kind == ApiKind.Source, Encoding.UTF8.GetString(output.ToArray()));
        }
        catch (ApiException error)
        {
            return GoldenAnswer.Of(error.Message);
        }
    }
}

/// <summary>Asks by running the program <c>flume call</c>.</summary>
internal sealed class SpawnedAnswers(params string[] place) : IGoldenAnswers
{
    public async Task<GoldenAnswer> AskAsync(ApiMethod method, JsArray args)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(
            ["call", method.Name, .. args.Select(arg => arg.ToJson()), .. place]);
        return exit == 0 ? GoldenAnswer.Of(method.Kind == ApiKind.Source, output) : GoldenAnswer.Of(error);
    }
}
