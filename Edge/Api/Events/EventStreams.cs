using System.Globalization;
using System.Text;
using System.Text.Json;
using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Mcptt.Api.Events;

/// <summary>
/// Server-sent events (WHATWG HTML, 9.2), one stream per client. A client's pace is its own: what it does not take stays in the journal, at most
/// <see cref="ServerEvents.Waiting"/> events wait in memory, and one that takes nothing for a while is disconnected.
/// </summary>
internal sealed class EventStreams : IDisposable
{
    private const string Type = "text/event-stream";
    private const string RetryAfterSeconds = "5";

    // A comment, which clients pass over.
    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    private readonly ApiOptions _options;
    private readonly ServerEvents _events;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly ILogger _logger;
    private readonly EventMetrics _metrics;
    private int _clients;

    public EventStreams(ApiOptions options, ServerEvents events, TimeProvider time, ILogger<EventStreams> logger, CancellationToken stopping)
    {
        (_options, _events, _time, _stopping, _logger) = (options, events, time, stopping, logger);
        _metrics = new EventMetrics(options.Meters, () => Volatile.Read(ref _clients));
    }

    public void Dispose() => _metrics.Dispose();

    public async Task<IResult> ServeAsync(HttpContext http, EventWish wish)
    {
        if (Interlocked.Increment(ref _clients) > _options.MaxEventStreams)
        {
            Interlocked.Decrement(ref _clients);
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "events-busy", "Too many follow events", $"at most {_options.MaxEventStreams} at once; try again");
        }

        try
        {
            var end = await StreamAsync(http, await _events.PlaceAsync(wish, http.RequestAborted));
            _metrics.Ended(end);
            _logger.LogInformation("The events of {Who} at {Remote} ended: {Reason}", http.User.Identity?.Name, http.Connection.RemoteIpAddress, end);
            return Results.Empty;
        }
        catch (AuditUnavailableException failure) when (!http.Response.HasStarted)
        {
            _metrics.Ended(StreamEnd.Journal);
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "journal", "The journal cannot be read now", failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    private async Task<StreamEnd> StreamAsync(HttpContext http, EventWish wish)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping);
        await using var events = _events.FollowAsync(wish, ended.Token).GetAsyncEnumerator(ended.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            Begin(http);
            await SendAsync(http, Heartbeat, ended.Token);
            while (true)
            {
                var isThere = await Task.WhenAny(next, Task.Delay(_options.EventHeartbeat, _time, ended.Token)) == next;
                if (isThere && !await next)
                {
                    return StreamEnd.Journal;
                }

                await SendAsync(http, isThere ? Encode(events.Current) : Heartbeat, ended.Token);
                next = isThere ? events.MoveNextAsync().AsTask() : next;
                ended.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            return _stopping.IsCancellationRequested ? StreamEnd.Stopping : StreamEnd.Closed;
        }
        catch (TimeoutException)
        {
            http.Abort();
            return StreamEnd.Slow;
        }
        catch (AuditUnavailableException) when (http.Response.HasStarted)
        {
            return StreamEnd.Journal;
        }
        finally
        {
            // An enumerator may be disposed only when nobody waits for it.
            await ended.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Begin(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = Type;
        http.Response.Headers.CacheControl = "no-store";
    }

    private async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await http.Response.BodyWriter.WriteAsync(bytes, cancellationToken).AsTask().WaitAsync(_options.EventSendTimeout, _time, cancellationToken);

    private static byte[] Encode(ServerEventModel happened)
    {
        var id = happened.Ordering is { } ordering ? string.Create(CultureInfo.InvariantCulture, $"id: {ordering}\n") : "";
        return Encoding.UTF8.GetBytes($"{id}event: {happened.Kind}\ndata: {JsonSerializer.Serialize(happened, ApiJson.Options)}\n\n");
    }
}
