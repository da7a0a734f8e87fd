using System.Net.Http;
using System.Text;
using Flume.Host.Http;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.SystemTests.Golden;

/// <summary>Asks a server by <c>POST /v1/NAME/rpc</c>.</summary>
internal sealed class HttpAnswers(HttpClient http, string identity) : IGoldenAnswers
{
    public async Task<GoldenAnswer> AskAsync(ApiMethod method, JsArray args)
    {
        JsArray name = new(method.Name.Split('.').Select(part => JsValue.From(part)));
        JsObject call = new JsObject().Set("name", JsValue.From(name)).Set("args", JsValue.From(args));
        string body = JsValue.From(call).ToJson();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync($"/v1/{identity}/rpc", content);
        string text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) return GoldenAnswer.Of(JsValue.Parse(text)["detail"].AsString);
        return GoldenAnswer.Of(method.Kind == ApiKind.Source, text) with
        {
            IsFromView = response.Headers.Contains(FreshnessHeaders.StateHeader),
            WhileRebuilding = response.Headers.Contains(FreshnessHeaders.RebuildingHeader),
        };
    }
}
