using System.Diagnostics;
using Mcptt.Domain;
using Mcptt.Domain.Telemetry;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>The span of one command in its actor: from its turn until its events are durable.</summary>
internal static class CommandSpan
{
    public static Activity? Begin(Command command, string persistenceId)
    {
        var span = Traces.Begin($"{command.To.Kind.ToString().ToLowerInvariant()} {CommandNames.Of(command)}", ActivityKind.Consumer, command.TraceParent);
        return span?
            .SetTag(Traces.Actor, persistenceId)
            .SetTag(Traces.Command, command.CommandId)
            .SetTag(Traces.Correlation, command.CorrelationId.Length > 0 ? command.CorrelationId : command.CommandId);
    }

    public static void End(Activity? span, Reply reply)
    {
        span?.SetTag(Traces.Outcome, Outcome(reply));
        if (reply.Unavailable is { } unavailable)
        {
            span?.SetStatus(ActivityStatusCode.Error, unavailable.Detail);
        }
    }

    private static string Outcome(Reply reply) =>
        reply.OutcomeCase switch
        {
            Reply.OutcomeOneofCase.Rejection => Meters.Tag(reply.Rejection.Code),
            Reply.OutcomeOneofCase.Unavailable => Meters.Tag(reply.Unavailable.Reason),
            _ => "accepted",
        };
}
