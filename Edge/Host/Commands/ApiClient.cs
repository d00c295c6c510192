using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mcptt.Api.Json;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>The HTTP API as the commands use it. A request whose answer is lost is repeated with the same Idempotency-Key.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int Attempts = 3;
    private const int KeyDigits = 32;
    private const int PageLimit = 1000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public ApiClient(Uri address, string token, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient { BaseAddress = address, Timeout = Timeout };
        if (token.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Whether it is ready, and the document that says so; asked once.</summary>
    public async Task<(bool Ready, JsonElement Health)> ReadyAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/health/ready");
        using var response =
            await TrySendAsync(request, Attempts, cancellationToken) ?? throw new ApiUnreachableException($"{_http.BaseAddress} did not answer");
        if (!response.IsSuccessStatusCode && response.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable)
        {
            throw await RefusedAsync(response, cancellationToken);
        }

        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return (response.IsSuccessStatusCode, document.RootElement.Clone());
    }

    public Task<JsonElement> PutAsync<T>(string path, T document, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(document, ApiJson.Options), cancellationToken);

    public Task PostAsync<T>(string path, T document, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(document, ApiJson.Options), cancellationToken);

    /// <summary>Server-sent events until the server ends them. Throws when it cannot be reached, and <see cref="IOException"/> when the stream breaks.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(string path, string lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId.Length > 0)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await OpenAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var happened in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return happened;
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>Every page of a list.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var after = "";
        while (true)
        {
            var page = await GetAsync($"{path}{separator}limit={PageLimit}&after={Uri.EscapeDataString(after)}", cancellationToken);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("next", out var next) || next.GetString() is not { } last)
            {
                return items;
            }

            after = last;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await RefusedAsync(response, cancellationToken);
            }
        }
        catch (HttpRequestException exception)
        {
            throw new ApiUnreachableException($"cannot reach {_http.BaseAddress}: {exception.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiUnreachableException($"{_http.BaseAddress} did not answer within {Timeout.TotalSeconds:0} s");
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true);
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Idempotency-Key", key);
            request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await TrySendAsync(request, attempt, cancellationToken);
            if (response is { IsSuccessStatusCode: true })
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
            }

            if (response is not null && (attempt == Attempts || (int)response.StatusCode < 500))
            {
                throw await RefusedAsync(response, cancellationToken);
            }

            var asked = response?.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(attempt);
            await Task.Delay(asked < LongestWait ? asked : LongestWait, _time, cancellationToken);
        }
    }

    // Null: the answer was lost on the way, try again. A refused connection is told at once: nobody is there.
    private async Task<HttpResponseMessage?> TrySendAsync(HttpRequestMessage request, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            if (attempt == Attempts || exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
            {
                throw new ApiUnreachableException($"cannot reach {_http.BaseAddress}: {exception.Message}");
            }

            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return attempt < Attempts ? null : throw new ApiUnreachableException($"{_http.BaseAddress} did not answer within {Timeout.TotalSeconds:0} s");
        }
    }

    private static async Task<ApiRefusedException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(text);
            var problem = Documents.Model<ProblemModel>(document.RootElement);
            return new ApiRefusedException($"{problem.Title}: {problem.Detail}".TrimEnd(':', ' '));
        }
        catch (JsonException)
        {
            // Not from this API; the status has to do.
        }

        return new ApiRefusedException($"{(int)response.StatusCode} {response.ReasonPhrase}");
    }
}

internal sealed class ApiUnreachableException(string message) : Exception(message);

internal sealed class ApiRefusedException(string message) : Exception(message);
