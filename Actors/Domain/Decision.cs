using Mcptt.Protocol.Messages;

namespace Mcptt.Domain;

/// <summary>
/// A rejection, or events with the reply that is given once they are durable. A refusal that an auditor must see is both: the
/// rejection is the reply, and it leaves when its events are durable (ADR 0009).
/// </summary>
public sealed record Decision
{
    private static readonly Accepted NoPayload = new();

    private Decision(Rejection? rejection, IReadOnlyList<DomainEvent> events, Accepted accepted)
    {
        Rejection = rejection;
        Events = events;
        Accepted = accepted;
    }

    public Rejection? Rejection { get; }

    public IReadOnlyList<DomainEvent> Events { get; }

    public Accepted Accepted { get; }

    /// <summary>A refusal beyond the bound of what is stored one by one: the runtime counts it for <see cref="Command.Unrecorded"/>.</summary>
    public bool IsCounted { get; private init; }

    /// <summary>Its events say how many were counted: once they are durable the runtime counts from nought.</summary>
    public bool TellsCount { get; private init; }

    public static Decision AlreadySo { get; } = new(null, [], NoPayload);

    public static Decision Reject(RejectionCode code, string detail, uint minimumSeconds = 0) =>
        new(new Rejection { Code = code, Detail = detail, MinimumS = minimumSeconds }, [], NoPayload);

    public static Decision Reject(Rejection rejection) => new(rejection, [], NoPayload);

    public static Decision Accept(IReadOnlyList<DomainEvent> events, Accepted? payload = null) => new(null, events, payload ?? NoPayload);

    /// <summary>A refusal as a fact. Its events have no effects: who was refused is told by the reply alone.</summary>
    public static Decision Refuse(Rejection rejection, IReadOnlyList<DomainEvent> events) => new(rejection, events, NoPayload);

    public static Decision Answer(Accepted payload) => new(null, [], payload);

    public Decision Counted() => this with { IsCounted = true };

    public Decision TellingCount() => this with { TellsCount = true };
}
