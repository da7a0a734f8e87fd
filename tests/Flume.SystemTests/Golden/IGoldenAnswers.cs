using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.SystemTests.Golden;

/// <summary>A way to ask for golden answers: in process, over HTTP, by the verb <c>call</c>.</summary>
internal interface IGoldenAnswers
{
    /// <summary>Asks, and gives back an error as an answer too.</summary>
    Task<GoldenAnswer> AskAsync(ApiMethod method, JsArray args);
}
