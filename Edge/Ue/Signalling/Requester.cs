using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;

namespace Mcptt.Ue.Signalling;

/// <summary>Sends a request, answers a challenge once or twice, and writes the outcome into the event log.</summary>
internal sealed class Requester(ISipStack stack, DigestClient digest, UeEventLog events, TimeProvider time)
{
    /// <summary>The first request, one with credentials, and one more for a nonce that went stale meanwhile (RFC 7616 3.3).</summary>
    private const int MaxAttempts = 3;

    /// <param name="nextCSeq">Number of a repeated request; null: the last one plus one.</param>
    /// <param name="onSent">Told of each attempt, so that it can be cancelled.</param>
    public async Task<(RequestMessage Request, ResponseMessage? Response)> SendAsync(
        RequestMessage request, CancellationToken cancellationToken,
        Func<uint>? nextCSeq = null, Action<ISipExchange>? onSent = null, Action<ResponseMessage>? onProvisional = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            digest.Authorize(request);
            var exchange = stack.Send(request, onProvisional ?? (_ => { }));
            onSent?.Invoke(exchange);
            var response = await exchange.Final.WaitAsync(cancellationToken);
            if (response is not { StatusCode: 401 or 407 } || attempt == MaxAttempts || !digest.TryAccept(response) || IsRefusal(request, response))
            {
                return (request, response);
            }

            var number = nextCSeq?.Invoke() ?? request.CSeq.Number + 1;
            request = request.Copy();
            request.CSeq = new CSeq(number, request.Method);
        }
    }

    /// <summary>The same with an event; gives null or why it failed.</summary>
    public async Task<string?> RequestAsync(
        RequestPurpose purpose, RequestMessage request, CancellationToken cancellationToken, Func<uint>? nextCSeq = null, Action<RequestMessage, ResponseMessage>? onSuccess = null)
    {
        var (sent, response) = await SendAsync(request, cancellationToken, nextCSeq);
        if (response is { IsSuccess: true })
        {
            onSuccess?.Invoke(sent, response);
        }

        return Tell(purpose, sent, response);
    }

    public string? Tell(RequestPurpose purpose, RequestMessage request, ResponseMessage? response)
    {
        var answered = response is null
            ? new RequestAnswered(time.GetUtcNow(), purpose, 0, $"no answer to {request.Method}", null)
            : new RequestAnswered(time.GetUtcNow(), purpose, response.StatusCode, response.ReasonPhrase, WarningOf(response));
        events.Append(answered);
        return answered.Succeeded ? null : $"{purpose.Failed}: {answered.Status} {answered.Reason}{(answered.Warning is null ? "" : $" ({answered.Warning})")}";
    }

    public static string? WarningOf(ResponseMessage response) => response.Warnings.Count == 0 ? null : response.Warnings[0].Text;

    // The same credentials again would be refused again, unless the server says that only the nonce was too old.
    private static bool IsRefusal(RequestMessage request, ResponseMessage response)
    {
        var proxy = response.StatusCode == 407;
        return request.Headers.Contains(proxy ? SipHeaderNames.ProxyAuthorization : SipHeaderNames.Authorization)
            && !response.Challenges(proxy).Any(challenge => challenge["stale"]?.Equals("true", StringComparison.OrdinalIgnoreCase) == true);
    }
}
