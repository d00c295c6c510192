using System.Globalization;
using Mcptt.Ue.Floor;

namespace Mcptt.Ue.Events;

/// <summary>
/// Something that happened at a client, with its time. <see cref="Word"/> is what scripts expect it by; <see cref="Fields"/> is what
/// is printed of it.
/// </summary>
public abstract record UeEvent(DateTimeOffset Time)
{
    public abstract string Word { get; }

    public virtual IEnumerable<KeyValuePair<string, string>> Fields => [];

    /// <summary>Whether a script's condition "key value" holds for this event.</summary>
    public bool Has(string field, string value) =>
        Fields.Any(pair => pair.Key == field && pair.Value.Equals(value, StringComparison.OrdinalIgnoreCase));

    public sealed override string ToString() =>
        $"{Time:HH:mm:ss.fff} {Word}{string.Concat(Fields.Select(pair => $" {pair.Key}={pair.Value}"))}";

    protected static KeyValuePair<string, string> Field(string name, string value) => new(name, value);

    protected static KeyValuePair<string, string> Field(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Final answer to a request of ours. A status of 0 means that none came, or that it never left; the reason says which.</summary>
public sealed record RequestAnswered(DateTimeOffset Time, RequestPurpose Purpose, int Status, string Reason, string? Warning) : UeEvent(Time)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public override string Word => Succeeded ? Purpose.Done : Purpose.Failed;

    public override IEnumerable<KeyValuePair<string, string>> Fields
    {
        get
        {
            yield return Field("status", Status);
            yield return Field("reason", Reason);
            if (Warning is not null)
            {
                yield return Field("warning", Warning);
            }
        }
    }
}

/// <summary>Why a request was sent, as the words for its two outcomes.</summary>
public sealed record RequestPurpose(string Done, string Failed)
{
    public static RequestPurpose Register { get; } = new("registered", "register-failed");

    public static RequestPurpose Unregister { get; } = new("unregistered", "unregister-failed");

    public static RequestPurpose PublishSettings { get; } = new("settings-published", "settings-failed");

    public static RequestPurpose Subscribe { get; } = new("subscribed", "subscribe-failed");

    public static RequestPurpose Affiliate { get; } = new("affiliation-published", "affiliate-failed");

    public static RequestPurpose Call { get; } = new("call-answered", "call-failed");

    public static RequestPurpose Reoffer { get; } = new("reoffered", "reoffer-failed");

    public static RequestPurpose HangUp { get; } = new("hung-up", "hangup-failed");
}

/// <summary>NOTIFY of the user's affiliations: one event per client and group (TS 24.379 9.3.1).</summary>
public sealed record AffiliationStatusChanged(DateTimeOffset Time, string ClientId, string Group, string Status) : UeEvent(Time)
{
    public override string Word => "affiliation";

    public override IEnumerable<KeyValuePair<string, string>> Fields =>
        [Field("group", Group), Field("status", Status), Field("client", ClientId)];
}

/// <summary>An INVITE came. It is answered by the client itself, unless answering is manual.</summary>
public sealed record CallOffered(DateTimeOffset Time, string? Group, string? From) : UeEvent(Time)
{
    public override string Word => "offered";

    public override IEnumerable<KeyValuePair<string, string>> Fields =>
        [.. Group is null ? [] : new[] { Field("group", Group) }, .. From is null ? [] : new[] { Field("from", From) }];
}

public sealed record CallProgressed(DateTimeOffset Time, int Status) : UeEvent(Time)
{
    public override string Word => "progress";

    public override IEnumerable<KeyValuePair<string, string>> Fields => [Field("status", Status)];
}

/// <summary>The call stands: 200 received and acknowledged, or our 200 acknowledged. Setup is the time from INVITE to 200 of an outgoing call.</summary>
public sealed record CallEstablished(DateTimeOffset Time, string CallId, bool Outgoing, TimeSpan? Setup, string? Warning) : UeEvent(Time)
{
    public override string Word => "established";

    public override IEnumerable<KeyValuePair<string, string>> Fields
    {
        get
        {
            yield return Field("call-id", CallId);
            if (Setup is { } setup)
            {
                yield return Field("setup-us", (long)setup.TotalMicroseconds);
            }

            if (Warning is not null)
            {
                yield return Field("warning", Warning);
            }
        }
    }
}

/// <summary>A new offer of ours was accepted: our direction, and the terms of floor control; null without a floor channel.</summary>
public sealed record MediaAgreed(DateTimeOffset Time, string Direction, Mcptt.Protocol.Sdp.McpttFmtp? Floor) : UeEvent(Time)
{
    public override string Word => "media-agreed";

    public override IEnumerable<KeyValuePair<string, string>> Fields
    {
        get
        {
            yield return Field("direction", Direction);
            if (Floor is not null)
            {
                yield return Field("queueing", Floor.Queueing ? 1 : 0);
                yield return Field("implicit-request", Floor.ImplicitRequest ? 1 : 0);
            }

            if (Floor?.Priority is { } priority)
            {
                yield return Field("priority", priority);
            }
        }
    }
}

/// <summary>What the server says the call is; null: it says nothing of it.</summary>
public sealed record ConditionTold(DateTimeOffset Time, bool? Emergency, bool? ImminentPeril) : UeEvent(Time)
{
    public override string Word => "condition";

    public override IEnumerable<KeyValuePair<string, string>> Fields
    {
        get
        {
            if (Emergency is { } emergency)
            {
                yield return Field("emergency", emergency ? 1 : 0);
            }

            if (ImminentPeril is { } peril)
            {
                yield return Field("imminent-peril", peril ? 1 : 0);
            }
        }
    }
}

public sealed record CallEnded(DateTimeOffset Time, string Cause) : UeEvent(Time)
{
    public override string Word => "ended";

    public override IEnumerable<KeyValuePair<string, string>> Fields => [Field("cause", Cause)];
}

/// <summary>What the floor participant tells its user.</summary>
public sealed record FloorChanged(DateTimeOffset Time, FloorNotice Notice) : UeEvent(Time)
{
    public override string Word => Notice.Word;

    public override IEnumerable<KeyValuePair<string, string>> Fields =>
        Notice switch
        {
            FloorNotice.Granted { Duration: { } duration } => [Field("duration-s", (long)duration.TotalSeconds)],
            FloorNotice.Taken taken => [.. taken.By is null ? [] : new[] { Field("by", taken.By) }, Field("may-request", taken.MayRequest ? 1 : 0)],
            FloorNotice.Denied denied => Cause(denied.Cause, denied.Phrase),
            FloorNotice.Revoked revoked => Cause(revoked.Cause, revoked.Phrase),
            FloorNotice.Queued queued => [Field("position", queued.Position)],
            FloorNotice.Unanswered unanswered => [Field("message", unanswered.Message)],
            FloorNotice.TalkerLeft { User: { } user } => [Field("user", user)],
            _ => [],
        };

    private static IEnumerable<KeyValuePair<string, string>> Cause(ushort cause, string? phrase) =>
        [Field("cause", cause), .. phrase is null ? [] : new[] { Field("phrase", phrase) }];
}

/// <summary>A floor control message on the wire, as it was sent or received.</summary>
public sealed record FloorMessagePassed(DateTimeOffset Time, bool Sent, string Text) : UeEvent(Time)
{
    public override string Word => Sent ? "floor-sent" : "floor-received";

    public override IEnumerable<KeyValuePair<string, string>> Fields => [Field("message", Text)];
}

/// <summary>First packet of somebody's burst.</summary>
public sealed record SpurtStarted(DateTimeOffset Time, uint Ssrc) : UeEvent(Time)
{
    public override string Word => "hearing";

    public override IEnumerable<KeyValuePair<string, string>> Fields => [Field("ssrc", Ssrc)];
}

/// <summary>A burst fell silent, or another's began.</summary>
public sealed record SpurtEnded(DateTimeOffset Time, uint Ssrc, long Packets, long Lost) : UeEvent(Time)
{
    public override string Word => "heard";

    public override IEnumerable<KeyValuePair<string, string>> Fields => [Field("ssrc", Ssrc), Field("packets", Packets), Field("lost", Lost)];
}

/// <summary>Our own source came to its end while we had the floor.</summary>
public sealed record Played(DateTimeOffset Time, long Packets) : UeEvent(Time)
{
    public override string Word => "played";

    public override IEnumerable<KeyValuePair<string, string>> Fields => [Field("packets", Packets)];
}
