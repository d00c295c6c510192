using Mcptt.Actors.Shards;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cells;

/// <summary>Hands one effect to the port it is for. It never throws: what is not taken is handed over again.</summary>
internal sealed class EffectGateway(ICommandRouter router, EngineMetrics metrics, ILogger logger)
{
    private volatile Ports? _ports;

    /// <summary>SIP and media use the engine and are therefore made after it; until then, and where there is none, effects for them wait.</summary>
    public void Attach(ISipOutbox? sip, IMediaPlane? media) => _ports = new Ports(sip, media);

    public async ValueTask<bool> HandOverAsync(Effect effect, CancellationToken cancellationToken)
    {
        try
        {
            return effect.BodyCase switch
            {
                Effect.BodyOneofCase.Sip => _ports is { Sip: { } sip } && await sip.SendAsync(effect.Sip, cancellationToken),
                Effect.BodyOneofCase.Media => _ports is { Media: { } media } && await media.ApplyAsync(effect.Media, cancellationToken),
                _ => IsTaken(effect.Command, await router.RouteAsync(effect.Command, CommandSource.Actor, cancellationToken)),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "An effect {Kind} could not be handed over", effect.BodyCase);
            return false;
        }
    }

    private bool IsTaken(Command told, Reply reply)
    {
        if (reply.OutcomeCase == Reply.OutcomeOneofCase.Rejection)
        {
            metrics.ToldCommandRejected();
            logger.LogWarning(
                "The command {CommandId} to {Kind} {Id} was rejected: {Code} {Detail}",
                told.CommandId,
                told.To.Kind,
                told.To.Id,
                reply.Rejection.Code,
                reply.Rejection.Detail);
        }

        return reply.OutcomeCase != Reply.OutcomeOneofCase.Unavailable;
    }

    private sealed record Ports(ISipOutbox? Sip, IMediaPlane? Media);
}
