using System.Diagnostics;

namespace Mcptt.Domain.Telemetry;

/// <summary>
/// Spans of all parts, under one source. What caused what is carried from part to part and from node to node as a W3C traceparent, in commands and effects; it is
/// never stored. While nobody listens nothing of it costs more than a comparison.
/// </summary>
public static class Traces
{
    public const string SourceName = "Mcptt";

    /// <summary>Tags by which a trace is found from the journal, and the journal from a trace.</summary>
    public const string Correlation = "mcptt.correlation_id";
    public const string Command = "mcptt.command_id";
    public const string Actor = "mcptt.actor";
    public const string Outcome = "mcptt.outcome";
    public const string SipCallId = "sip.call_id";
    public const string SipStatus = "sip.status";
    public const string Session = "mcptt.session";
    public const string Leg = "mcptt.leg";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Somebody wants spans: names are made only then.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>What is under way here, for whom it causes something; empty: nothing that is traced.</summary>
    public static string Current => Activity.Current?.Id ?? "";

    /// <param name="parent">A traceparent from elsewhere; empty: what is under way here, or a new trace.</param>
    public static Activity? Begin(string name, ActivityKind kind, string parent = "") =>
        parent.Length > 0 && ActivityContext.TryParse(parent, null, isRemote: true, out var context)
            ? Source.StartActivity(name, kind, context)
            : Source.StartActivity(name, kind);
}
