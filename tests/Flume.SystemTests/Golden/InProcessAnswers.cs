using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.SystemTests.Golden;

/// <summary>Asks the API table of this process.</summary>
internal sealed class InProcessAnswers(IIdentity identity) : IGoldenAnswers
{
    public async Task<GoldenAnswer> AskAsync(ApiMethod method, JsArray args)
    {
        ApiCall call = new(identity, args, CancellationToken.None);
        try
        {
            if (method.Kind != ApiKind.Source) return new GoldenAnswer(await method.Call!(call), []);
            List<JsValue> rows = [];
            await foreach (JsValue row in method.Open!(call)) rows.Add(row);
            return new GoldenAnswer(JsValue.Undefined, rows);
        }
        catch (ApiException error)
        {
            return GoldenAnswer.Of(error.Message);
        }
    }
}
