using System.Net.Http;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>Sends requests to a running server, for verbs such as <c>status</c> and <c>call</c>.</summary>
internal sealed class ServerClient(Uri server) : IDisposable
{
    // Not an option: the process list and the shell's history show options.
    private const string TokenVariable = "FLUME_TOKEN";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = server,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The names of the server's identities.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancel)
    {
        using JsonDocument answer = await GetAsync("/v1/identities", cancel).ConfigureAwait(false);
        return [.. answer.RootElement.GetProperty("identities").EnumerateArray()
            .Select(each => each.GetProperty("name").GetString()!)];
    }

    /// <summary>Gets a JSON document.</summary>
    /// <exception cref="VerbException">The server answers with a problem, or does not answer.</exception>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response = await SendAsync(request, cancel).ConfigureAwait(false);
        using Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        try
        {
            return await JsonDocument.ParseAsync(body, Http.JsonText.Deep, cancel).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            throw ServerProblem.Stranger(server, response.Content.Headers.ContentType?.MediaType ?? "no media type");
        }
    }

    /// <summary>A streamed answer; disposing it ends the request.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        HttpResponseMessage response = await SendAsync(request, cancel).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Posts a JSON body and returns the streamed answer.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<HttpResponseMessage> PostAsync(string path, byte[] json, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(json);
        request.Content.Headers.ContentType = new("application/json");
        return await SendAsync(request, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            request.Headers.Authorization = new("Bearer", token);
        try
        {
            response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new VerbException(ExitCode.Unreachable, Unreachable(error), error);
        }

        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ServerProblem.OfAsync(response, server, cancel).ConfigureAwait(false);
    }

    private string Unreachable(HttpRequestException error)
    {
        const string instead = "or work without a server with --data DIR";
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError =>
                $"The name '{server.Host}' of the server has no address: {error.Message} Check --http, {instead}.",
            HttpRequestError.ConnectionError =>
                $"No server answers at {server}: {error.Message} Start 'flume serve', {instead}.",
            _ => $"{server} ended the connection before it answered: {error.Message}",
        };
    }
}
