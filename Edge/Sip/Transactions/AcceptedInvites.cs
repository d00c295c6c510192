using System.Collections.Concurrent;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Transactions;

/// <summary>
/// The 2xx responses to INVITE, each sent again until its ACK comes (RFC 3261 13.3.1.4), over any transport. They are known by Call-ID,
/// our tag and CSeq, so that the ACK may come by another way than the INVITE, and a response given after a restart counts as well.
/// </summary>
public sealed class AcceptedInvites(ISipTransport transport, TransactionOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string CallId, string Tag, uint Number), Waiting> _waiting = new();
    private readonly EarlyAcks _early = new(options.T1, time);

    public int Count => _waiting.Count;

    internal Action? SentAgain { get; init; }

    /// <summary>
    /// Sends a 2xx and goes on sending it. Given again (a repeated effect) it is sent once more and the first one's callbacks stand. One of the two is
    /// called, once: acknowledged with the ACK, or not acknowledged after 64*T1. False: too many wait already; sent once, and none is called.
    /// With <paramref name="sendNow"/> false the first sending is the caller's, right after this, by the transaction.
    /// </summary>
    public bool Start(
        ResponseMessage response, SipFlow flow, Action<RequestMessage>? acknowledged = null, Action? notAcknowledged = null, bool sendNow = true)
    {
        var key = (response.CallId, response.To.Tag ?? "", response.CSeq.Number);
        var fresh = new Waiting(acknowledged, notAcknowledged);
        var room = _waiting.Count < options.MaxAcceptedInvites;
        var waiting = room ? _waiting.GetOrAdd(key, fresh) : _waiting.GetValueOrDefault(key);
        if (sendNow)
        {
            Send(response, flow);
        }

        if (waiting == fresh)
        {
            fresh.Run(time, options, again: () => SendAgain(response, flow), end: () => End(key, fresh));
            if (_early.Find(key) is { } ack)
            {
                Acknowledge(ack);
            }
        }

        return waiting is not null;
    }

    /// <summary>False: nothing waits for this ACK; it is a repeated one, or of a 2xx sent before a restart.</summary>
    public bool Acknowledge(RequestMessage ack)
    {
        var key = (ack.CallId, ack.To.Tag ?? "", ack.CSeq.Number);
        if (!_waiting.TryRemove(key, out var waiting))
        {
            // Kept before looking again, as Start looks after adding: whichever comes second finds the other.
            _early.Keep(key, ack);
            if (!_waiting.TryRemove(key, out waiting))
            {
                return false;
            }
        }

        waiting.Stop();
        waiting.Acknowledged?.Invoke(ack);
        return true;
    }

    /// <summary>The dialog ended otherwise: no more sending, no callback.</summary>
    public void Stop(string callId, string localTag)
    {
        foreach (var (key, waiting) in _waiting)
        {
            if (key.CallId == callId && key.Tag == localTag && _waiting.TryRemove(new(key, waiting)))
            {
                waiting.Stop();
            }
        }
    }

    private void End((string CallId, string Tag, uint Number) key, Waiting waiting)
    {
        if (_waiting.TryRemove(new(key, waiting)))
        {
            waiting.Stop();
            waiting.NotAcknowledged?.Invoke();
        }
    }

    private void Send(ResponseMessage response, SipFlow flow) => _ = transport.SendResponseAsync(response, flow, CancellationToken.None).AsTask();

    private void SendAgain(ResponseMessage response, SipFlow flow)
    {
        SentAgain?.Invoke();
        Send(response, flow);
    }

    private sealed class Waiting(Action<RequestMessage>? acknowledged, Action? notAcknowledged)
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;
        private bool _stopped;
        private TimeSpan _interval;

        public Action<RequestMessage>? Acknowledged { get; } = acknowledged;

        public Action? NotAcknowledged { get; } = notAcknowledged;

        // T1, doubled up to T2; at 64*T1 it is given up.
        public void Run(TimeProvider time, TransactionOptions options, Action again, Action end)
        {
            var started = time.GetTimestamp();
            lock (_gate)
            {
                _interval = options.T1;
                if (!_stopped)
                {
                    _timer = time.CreateTimer(_ => Tick(time, options, started, again, end), null, _interval, Timeout.InfiniteTimeSpan);
                }
            }
        }

        public void Stop()
        {
            lock (_gate)
            {
                _stopped = true;
                _timer?.Dispose();
            }
        }

        private void Tick(TimeProvider time, TransactionOptions options, long started, Action again, Action end)
        {
            var left = options.Timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                end();
                return;
            }

            lock (_gate)
            {
                if (_stopped)
                {
                    return;
                }

                _interval = 2 * _interval < options.T2 ? 2 * _interval : options.T2;
                _timer?.Change(_interval < left ? _interval : left, Timeout.InfiniteTimeSpan);
            }

            again();
        }
    }
}
