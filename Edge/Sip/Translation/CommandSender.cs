using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Edge.Translation;

/// <summary>Sends commands inward. What may not get lost because an actor moves or a journal stalls is sent again with the same id.</summary>
internal sealed class CommandSender(ICommandSink sink, TimeProvider time)
{
    /// <summary>While a peer waits in its transaction (32 s): 0.1 + 0.2 + 0.4 + 0.8 + 1.6 s. After the last the peer gets the 503.</summary>
    public const int AttemptsWhilePeerWaits = 6;

    /// <summary>For outcomes that nobody would repeat: about ten minutes. After the last it is logged and lost; the call's own timers then clean up.</summary>
    public const int AttemptsForReports = 70;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(10);

    public ValueTask<Reply> SendAsync(Command command, CancellationToken cancellationToken) => sink.SendAsync(command, cancellationToken);

    public async ValueTask<Reply> InsistAsync(Command command, int attempts, CancellationToken cancellationToken)
    {
        var backoff = FirstBackoff;
        for (var attempt = 1; ; attempt++)
        {
            var reply = await sink.SendAsync(command, cancellationToken);
            if (reply.OutcomeCase != Reply.OutcomeOneofCase.Unavailable || attempt >= attempts || !MayMend(reply.Unavailable))
            {
                return reply;
            }

            await Task.Delay(backoff, time, cancellationToken);
            backoff = backoff * 2 < MaxBackoff ? backoff * 2 : MaxBackoff;
        }
    }

    private static bool MayMend(Unavailable unavailable) =>
        unavailable.Reason is not (UnavailableReason.RecoveryFailed or UnavailableReason.Stopping);
}
