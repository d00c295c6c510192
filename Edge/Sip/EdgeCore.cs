using System.Diagnostics;
using System.Net;
using Mcptt.Domain.Telemetry;
using Mcptt.Edge.Outbox;
using Mcptt.Edge.Transactions;
using Mcptt.Edge.Translation;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge;

/// <summary>The core above the transactions: gives each request to its translation and its answer back, and tells calls of ACK and CANCEL.</summary>
internal sealed class EdgeCore(SipEdgeOptions options, PendingInvites pending, LegReports reports, SipMetrics metrics, ILogger logger) : ITransactionUser, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private TransactionLayer? _transactions;
    private RequestRouter? _router;
    private EffectSender? _effects;
    private OwnAddresses? _own;
    private int _serving;

    /// <summary>Requests under way.</summary>
    public int Serving => Volatile.Read(ref _serving);

    /// <summary>The rest of the edge, which is made when the ports are known. Messages that come before are dropped: their senders repeat them.</summary>
    public void Attach(TransactionLayer transactions, RequestRouter router, EffectSender effects, OwnAddresses own)
    {
        (_transactions, _router, _effects) = (transactions, router, effects);
        Volatile.Write(ref _own, own);
    }

    /// <summary>Ends what is under way. The source has no timer: cancelled, it holds nothing, and its token may still be read.</summary>
    public void Dispose() => _stopping.Cancel();

    public void OnRequest(ServerTransaction transaction)
    {
        if (Volatile.Read(ref _own) is null)
        {
            transaction.Respond(RejectionTable.Unavailable().ToResponse(transaction.Request, "starting"));
            return;
        }

        var request = Inbound(transaction.Request, transaction.Flow);
        if (transaction.Request is { IsInvite: true, IsInDialog: false })
        {
            var began = metrics.Now();
            pending.Add(PendingInvites.KeyOf(transaction.Request), RespondAndMeasure, (respond, call) => OnDeadline(request, respond, call));

            void RespondAndMeasure(ResponseMessage response)
            {
                transaction.Respond(response);
                metrics.InviteAnswered(response, began);
            }
        }

        Interlocked.Increment(ref _serving);
        _ = ServeAsync(transaction, request);
    }

    public void OnCancel(ServerTransaction cancel, ServerTransaction? invite)
    {
        var request = Inbound(cancel.Request, cancel.Flow);
        if (invite is null)
        {
            cancel.Respond(481, toTag: request.ToTag);
            return;
        }

        pending.Cancel(
            PendingInvites.KeyOf(invite.Request),
            call => reports.Report(request.CommandId, request.CorrelationId, call, Cancelled(invite.Request)));
    }

    public void OnAck(RequestMessage ack, SipFlow flow)
    {
        _transactions?.Accepted.Acknowledge(ack);

        // Also an ACK that nothing waits for: its 2xx may have been sent by a former process. A repeated one has the same command id.
        if (McpttIds.TryParseLegTag(ack.To.Tag, out var call, out var leg))
        {
            var request = Inbound(ack, flow);
            reports.Report(request.CommandId, request.CorrelationId, call, new CallCommand { LegAcknowledged = new LegAcknowledged { Leg = leg } });
        }
    }

    public void OnStrayResponse(ResponseMessage response, SipFlow flow) => _effects?.OnStrayResponse(response, flow.ToMessage(options.NodeName));

    public void OnServerFailure(ServerTransaction transaction) =>
        logger.LogDebug("The response to {Method} {CallId} did not arrive at {Flow}", transaction.Request.Method, transaction.Request.CallId, transaction.Flow);

    public void OnFlowClosed(SipFlow flow) => logger.LogDebug("Flow {Flow} is closed", flow);

    private async Task ServeAsync(ServerTransaction transaction, InboundRequest request)
    {
        using var span = Traces.IsOn ? Traces.Begin("SIP " + transaction.Request.Method, ActivityKind.Server) : null;
        span?.SetTag(Traces.SipCallId, transaction.Request.CallId).SetTag(Traces.Correlation, request.CorrelationId);
        try
        {
            var outcome = IsMergedRequest(transaction) ? new(Answer.Of(482), "") : await _router!.RouteAsync(request, _stopping.Token);
            if (outcome.Answer is null)
            {
                pending.Routed(PendingInvites.KeyOf(transaction.Request), outcome.CallId);
            }
            else
            {
                Respond(transaction, request, outcome.Answer);
            }
        }
        catch (OperationCanceledException)
        {
            Respond(transaction, request, RejectionTable.Unavailable());
        }
        catch (Exception exception)
        {
            // The last catch of one request: whatever it was, it costs this request and no other.
            logger.LogError(exception, "{Method} {CallId} from {Flow} (correlation {CorrelationId}) could not be served", transaction.Request.Method, transaction.Request.CallId, transaction.Flow, request.CorrelationId);
            Respond(transaction, request, Answer.Of(500));
        }
        finally
        {
            Interlocked.Decrement(ref _serving);
        }
    }

    // Some phones repeat a challenged request with credentials under the same CSeq: that is no merged request.
    private static bool IsMergedRequest(ServerTransaction transaction) =>
        transaction.IsMerged && !transaction.Request.Headers.Contains(SipHeaderNames.Authorization);

    private void Respond(ServerTransaction transaction, InboundRequest request, Answer answer)
    {
        Activity.Current?.SetTag(Traces.SipStatus, answer.Status);
        var response = answer.ToResponse(transaction.Request, request.ToTag);
        if (!transaction.Request.IsInvite)
        {
            transaction.Respond(response);
        }
        else if (!transaction.Request.IsInDialog)
        {
            // The call may have answered already, by effect.
            pending.Take(PendingInvites.KeyOf(transaction.Request))?.Invoke(response);
        }
        else
        {
            transaction.Respond(response);
            AwaitAck(transaction, request, response);
        }

        logger.LogDebug("{Method} {CallId} from {Flow}: {Status}", transaction.Request.Method, transaction.Request.CallId, transaction.Flow, answer.Status);
    }

    // RFC 3261 14.2: the 2xx of a re-INVITE is repeated like that of an INVITE.
    private void AwaitAck(ServerTransaction transaction, InboundRequest request, ResponseMessage response)
    {
        if (response.IsSuccess && McpttIds.TryParseLegTag(transaction.Request.To.Tag, out var call, out var leg))
        {
            var notAcknowledged = new CallCommand { LegNotAcknowledged = new LegNotAcknowledged { Leg = leg } };
            _transactions!.Accepted.Start(
                response,
                transaction.Flow,
                notAcknowledged: () => reports.Report($"sip-no-ack:{request.CommandId}", request.CorrelationId, call, notAcknowledged),
                sendNow: false);
        }
    }

    private void OnDeadline(InboundRequest request, Action<ResponseMessage> respond, string? call)
    {
        logger.LogWarning("INVITE {CallId} was not answered by call {Call} in time", request.Message.CallId, call ?? "(unknown)");
        respond(Answer.Of(504).ToResponse(request.Message, request.ToTag));
        if (call is not null)
        {
            reports.Report($"sip-deadline:{request.CommandId}", request.CorrelationId, call, Cancelled(request.Message));
        }
    }

    private InboundRequest Inbound(RequestMessage message, SipFlow flow) => new(message, flow.ToMessage(options.NodeName), UpstreamOf(flow.Remote.Address));

    private SipUpstreamOptions? UpstreamOf(IPAddress source) => options.Upstreams.FirstOrDefault(upstream => upstream.Addresses.Contains(source));

    private static CallCommand Cancelled(RequestMessage invite) =>
        new() { LegCancelled = new LegCancelled { SipCallId = invite.CallId, Cseq = invite.CSeq.Number } };
}
