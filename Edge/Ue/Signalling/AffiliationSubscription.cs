using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;

namespace Mcptt.Ue.Signalling;

/// <summary>The subscription to the user's own affiliations (TS 24.379 9.2.1.3) and its NOTIFYs.</summary>
internal sealed class AffiliationSubscription(UeRequests requests, Requester requester, UeEventLog events, TimeProvider time)
{
    private readonly Lock _gate = new();
    private string? _callId;
    private string? _localTag;

    public Task<string?> SubscribeAsync(CancellationToken cancellationToken)
    {
        var request = requests.SubscribeAffiliation(McpttIdentifiers.ExpiresForEver);
        lock (_gate)
        {
            // Known before it is sent: the first NOTIFY may overtake the 200 (RFC 6665 4.1.2.4).
            (_callId, _localTag) = (request.CallId, request.From.Tag);
        }

        return requester.RequestAsync(RequestPurpose.Subscribe, request, cancellationToken);
    }

    /// <summary>Gives the status of the answer.</summary>
    public int TakeNotify(RequestMessage notify)
    {
        lock (_gate)
        {
            if (notify.CallId != _callId || notify.To.Tag != _localTag)
            {
                return 481;
            }

            if (notify.Headers["Subscription-State"]?.StartsWith("terminated", StringComparison.OrdinalIgnoreCase) == true)
            {
                _callId = null;
            }
        }

        if (MessageBodies.Pidf(notify) is { } pidf)
        {
            foreach (var tuple in pidf.Tuples)
            {
                foreach (var affiliation in tuple.Affiliations)
                {
                    events.Append(new AffiliationStatusChanged(time.GetUtcNow(), tuple.ClientId, affiliation.Group, affiliation.Status ?? ""));
                }
            }
        }

        return 200;
    }
}
