using Mcptt.Protocol.Messages;

namespace Mcptt.Domain;

/// <summary>A rejection, or events with the reply that is given once they are durable.</summary>
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

    public static Decision AlreadySo { get; } = new(null, [], NoPayload);

    public static Decision Reject(RejectionCode code, string detail, uint minimumSeconds = 0) =>
        new(new Rejection { Code = code, Detail = detail, MinimumS = minimumSeconds }, [], NoPayload);

    public static Decision Accept(IReadOnlyList<DomainEvent> events, Accepted? payload = null) => new(null, events, payload ?? NoPayload);

    public static Decision Answer(Accepted payload) => new(null, [], payload);
}
