using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>What one event means, for a person: who, where, one sentence, and the clause where the standard has one.</summary>
public sealed record EventDescription
{
    /// <summary>One of <see cref="EventKinds.All"/>.</summary>
    public required string Kind { get; init; }

    public required string Sentence { get; init; }

    /// <summary>MCPTT ID of whom it is about; empty: nobody in particular, or unknown.</summary>
    public string User { get; init; } = "";

    public string Group { get; init; } = "";

    public string Call { get; init; } = "";

    /// <summary>Leg of the call; 0: none.</summary>
    public uint Leg { get; init; }

    /// <summary>"TS 24.380 6.3.4.4.2", or empty.</summary>
    public string Clause { get; init; } = "";

    /// <summary>False: a newer program wrote it, and this one has no words for it.</summary>
    public bool IsKnown { get; init; } = true;

    /// <param name="names">What is known of the event's call; without it a leg stays a number.</param>
    public static EventDescription Of(string persistenceId, EventEnvelope envelope, CallNames? names = null)
    {
        var actor = ActorAddresses.TryParse(persistenceId, out var address) ? address : null;
        var happened = envelope.Event;
        var told = Tell(actor, happened, names ?? new CallNames());
        return new EventDescription
        {
            Kind = EventKinds.Of(happened),
            Sentence = told?.Sentence ?? "Something that this program has no words for; a newer one wrote it.",
            User = Known(told?.User, told is { Leg: > 0 } ? names?.UserOf(told.Leg) : null, actor is { Kind: ActorKindName.Ue } ? actor.Id : null, Person(envelope.OnBehalfOf)),
            Group = Known(told?.Group, actor is { Kind: ActorKindName.Group } ? actor.Id : null, names?.Group),
            Call = Known(told?.Call, actor is { Kind: ActorKindName.Call or ActorKindName.Floor } ? actor.Id : null),
            Leg = told?.Leg ?? 0,
            Clause = told?.Clause ?? "",
            IsKnown = told is not null,
        };
    }

    private static Told? Tell(ActorAddress? actor, DomainEvent happened, CallNames names) =>
        happened.BodyCase switch
        {
            DomainEvent.BodyOneofCase.Ue => UeEventWords.Tell(actor?.Id ?? "", happened.Ue),
            DomainEvent.BodyOneofCase.Group => GroupEventWords.Tell(happened.Group),
            DomainEvent.BodyOneofCase.Call => CallEventWords.Tell(happened.Call, names),
            DomainEvent.BodyOneofCase.Floor => FloorEventWords.Tell(happened.Floor, names),
            DomainEvent.BodyOneofCase.Seal => SealEventWords.Tell(happened.Seal),
            DomainEvent.BodyOneofCase.Archive => ArchiveEventWords.Tell(happened.Archive),
            _ => null,
        };

    // Operators and the server itself have names without a scheme.
    private static string? Person(string onBehalfOf) => onBehalfOf.Contains(':', StringComparison.Ordinal) ? onBehalfOf : null;

    private static string Known(params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate))
            {
                return candidate;
            }
        }

        return "";
    }
}

/// <summary>What the words of one area say of an event.</summary>
internal sealed record Told(string Sentence, string Clause = "")
{
    public string User { get; init; } = "";

    public string Group { get; init; } = "";

    public string Call { get; init; } = "";

    public uint Leg { get; init; }
}
