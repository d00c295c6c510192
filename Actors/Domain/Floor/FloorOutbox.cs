using Google.Protobuf;
using Mcptt.Domain.Calls;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>
/// The effects of one event: at most one SetTalkers, then one SendFloorMessages in which equal messages are encoded once.
/// A leg without floor channel is passed over here, so that the media node need not know why.
/// </summary>
internal sealed class FloorOutbox(FloorSession session)
{
    private readonly List<(FloorMessage Message, List<uint> Legs)> _messages = [];
    private IEnumerable<Effect> _talkers = [];

    public void SetTalkers(FloorState.Open state, ulong epoch) => _talkers = TalkersOf(state, epoch);

    public void Send(FloorParticipant participant, FloorMessage message)
    {
        if (!participant.FloorChannel)
        {
            return;
        }

        LegsOf(message).Add(participant.Leg);
    }

    public void Send(IEnumerable<(FloorParticipant To, FloorMessage Message)> many)
    {
        foreach (var (to, message) in many)
        {
            Send(to, message);
        }
    }

    // Messages for many are shared, so the very same one is looked for before an equal one: to compare all fields costs more than the rest.
    private List<uint> LegsOf(FloorMessage message)
    {
        foreach (var entry in _messages)
        {
            if (ReferenceEquals(entry.Message, message))
            {
                return entry.Legs;
            }
        }

        foreach (var entry in _messages)
        {
            if (entry.Message.Equals(message))
            {
                return entry.Legs;
            }
        }

        List<uint> legs = [];
        _messages.Add((message, legs));
        return legs;
    }

    public IEnumerable<Effect> Effects()
    {
        foreach (var talkers in _talkers)
        {
            yield return talkers;
        }

        if (_messages.Count > 0)
        {
            var send = new SendFloorMessages();
            send.Datagrams.Add(_messages.Select(entry => DatagramOf(entry.Message, entry.Legs)));
            yield return new Effect { Media = new MediaEffect { Session = session.CallId, MediaNode = session.MediaNode, SendFloor = send } };
        }
    }

    /// <summary>
    /// To each node that has the session. Of two, each hears a talker only before or after it followed to the other: neither may take that for
    /// its silence, so T1 is longer by as long as there are two.
    /// </summary>
    public static IEnumerable<Effect> TalkersOf(FloorState.Open state, ulong epoch)
    {
        var (rules, talkers) = (state.Session.Rules, (state as FloorState.Taken)?.Talkers ?? []);
        var longer = state.Session.NextMediaNode.Length == 0 ? 0 : (uint)CallDefaults.MediaOverlap.TotalMilliseconds;
        foreach (var node in state.Session.MediaNodes)
        {
            var set = new SetTalkers { Epoch = epoch };
            set.Talkers.Add(talkers.Select(talker => new Talker { Leg = talker.Leg, T1Ms = (talker.Overriding ? rules.T11Ms : rules.T1Ms) + longer, GrantedEpoch = talker.GrantedEpoch }));
            yield return new Effect { Media = new MediaEffect { Session = state.CallId, MediaNode = node, SetTalkers = set } };
        }
    }

    private static FloorDatagram DatagramOf(FloorMessage message, List<uint> legs)
    {
        var datagram = new FloorDatagram { Payload = ByteString.CopyFrom(FloorCodec.Encode(message)) };
        datagram.Legs.Add(legs);
        return datagram;
    }
}
