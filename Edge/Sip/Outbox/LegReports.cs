using Mcptt.Edge.Translation;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Edge.Outbox;

/// <summary>Tells calls what became of their effects. Each report is repeated with the same id until the call has it.</summary>
internal sealed class LegReports(CommandSender commands, CommandStamp stamp, ILogger logger) : IDisposable
{
    /// <summary>Reports under way at a time. At the bound a further one is logged and lost; the call's own timers then clean up.</summary>
    public const int MaxPending = 20_000;

    private readonly CancellationTokenSource _stopping = new();
    private int _pending;

    public int Pending => Volatile.Read(ref _pending);

    /// <param name="told">Called when the call has it in its journal, or has said that it has no use for it.</param>
    public void Report(string commandId, string correlationId, string callId, CallCommand body, Action? told = null)
    {
        if (Interlocked.Increment(ref _pending) > MaxPending)
        {
            Interlocked.Decrement(ref _pending);
            logger.LogError("Too many reports wait: {Report} for call {Call} is lost", body.BodyCase, callId);
            return;
        }

        _ = DeliverAsync(stamp.Call(new Cause(commandId, correlationId, ""), callId, body), told);
    }

    /// <summary>Ends what still waits; a report that is lost by it comes again by retransmission or by the call's timers.</summary>
    public void Dispose() => _stopping.Cancel();

    private async Task DeliverAsync(Command command, Action? told)
    {
        try
        {
            var reply = await commands.InsistAsync(command, CommandSender.AttemptsForReports, _stopping.Token);
            if (reply.OutcomeCase == Reply.OutcomeOneofCase.Rejection)
            {
                logger.LogDebug("Call {Call} had no use for {Report}: {Rejection}", command.To.Id, command.Call.BodyCase, reply.Rejection);
            }
            else if (reply.OutcomeCase == Reply.OutcomeOneofCase.Unavailable)
            {
                logger.LogError("Call {Call} could not be told {Report}: {Unavailable}", command.To.Id, command.Call.BodyCase, reply.Unavailable);
                return;
            }

            told?.Invoke();
        }
        catch (OperationCanceledException)
        {
            logger.LogDebug("Stopped before call {Call} was told {Report}", command.To.Id, command.Call.BodyCase);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }
}
