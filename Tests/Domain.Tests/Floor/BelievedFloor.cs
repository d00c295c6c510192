using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>What the participants and the media node believe after every message that reached them.</summary>
internal sealed class BelievedFloor
{
    private readonly Dictionary<uint, Belief> _beliefs = [];

    public ulong Epoch { get; private set; }

    public HashSet<uint> Talkers { get; private set; } = [];

    /// <summary>To whom the media node sends no voice.</summary>
    public HashSet<uint> FlowStopped { get; } = [];

    /// <summary>Null: this leg was told nothing yet.</summary>
    public Belief? Of(uint leg) => _beliefs.GetValueOrDefault(leg);

    public void Forget(uint leg)
    {
        _beliefs.Remove(leg);
        FlowStopped.Remove(leg);
    }

    /// <param name="effect">What the server said.</param>
    /// <param name="isLost">Whether a message to this leg is lost on its way; orders to the media node are not.</param>
    public void Hear(Effect effect, Func<uint, bool> isLost)
    {
        if (effect.Media is { BodyCase: MediaEffect.BodyOneofCase.SetTalkers } media)
        {
            Assert.True(media.SetTalkers.Epoch >= Epoch, "an epoch went back");
            Epoch = media.SetTalkers.Epoch;
            Talkers = [.. media.SetTalkers.Talkers.Select(talker => talker.Leg)];
        }

        if (effect.Media?.SetMediaFlow is { } flow)
        {
            _ = flow.Stopped ? FlowStopped.Add(flow.Leg) : FlowStopped.Remove(flow.Leg);
        }

        foreach (var (legs, message) in FloorRun.MessagesOf(effect))
        {
            foreach (var leg in legs.Where(leg => !isLost(leg)))
            {
                Hear(leg, message);
            }
        }
    }

    private void Hear(uint leg, FloorMessage message)
    {
        var belief = _beliefs.GetValueOrDefault(leg) ?? new Belief(false, false, [], null);
        var ofOverride = message.Indicator?.HasFlag(FloorIndicator.DualFloor) == true;
        _beliefs[leg] = message.Type switch
        {
            FloorMessageType.FloorGranted when ofOverride => belief with { MayTalk = true, Overrides = true },
            FloorMessageType.FloorGranted when message.Indicator?.HasFlag(FloorIndicator.MultiTalker) == true => belief with { MayTalk = true },
            FloorMessageType.FloorGranted when belief is { MayTalk: true, Overrides: false } => belief,
            FloorMessageType.FloorGranted => new Belief(true, false, [], null),
            FloorMessageType.FloorTaken when message.GrantedUsers is { } users => new Belief(users.Contains(User(leg)), false, [.. users.Except([User(leg)])], null),
            FloorMessageType.FloorTaken when ofOverride =>
                belief with { Others = [.. belief.Others.Append(message.GrantedPartyIdentity!).Distinct()], Override = message.GrantedPartyIdentity },
            FloorMessageType.FloorTaken => new Belief(false, false, [message.GrantedPartyIdentity!], null),
            FloorMessageType.FloorIdle when ofOverride =>
                belief with { MayTalk = belief is { MayTalk: true, Overrides: false }, Overrides = false, Others = [.. belief.Others.Where(other => other != belief.Override)], Override = null },
            FloorMessageType.FloorIdle => new Belief(false, false, [], null),
            FloorMessageType.FloorReleaseMultiTalker => belief with { Others = [.. belief.Others.Where(other => other != message.UserId)] },
            _ => _beliefs.GetValueOrDefault(leg)!,
        };
        if (_beliefs[leg] is null)
        {
            _beliefs.Remove(leg);
        }
    }

    public static string User(uint leg) => $"sip:u{leg}@example.org";

    internal sealed record Belief(bool MayTalk, bool Overrides, IReadOnlyList<string> Others, string? Override)
    {
        public override string ToString() => $"{(MayTalk ? "may talk" : "may not talk")}, hears {string.Join(' ', Others)}";
    }
}
