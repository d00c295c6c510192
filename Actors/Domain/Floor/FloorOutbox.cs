using Google.Protobuf;
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
    private MediaEffect? _talkers;

    public void SetTalkers(FloorState state, ulong epoch) => _talkers = TalkersOf(state, session.MediaNode, epoch);

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
        if (_talkers is not null)
        {
            yield return new Effect { Media = _talkers };
        }

        if (_messages.Count > 0)
        {
            var send = new SendFloorMessages();
            send.Datagrams.Add(_messages.Select(entry => DatagramOf(entry.Message, entry.Legs)));
            yield return new Effect { Media = new MediaEffect { Session = session.CallId, MediaNode = session.MediaNode, SendFloor = send } };
        }
    }

    public static MediaEffect TalkersOf(FloorState state, string mediaNode, ulong epoch)
    {
        var set = new SetTalkers { Epoch = epoch };
        if (state is FloorState.Taken taken)
        {
            var rules = taken.Session.Rules;
            set.Talkers.Add(taken.Talkers.Select(talker => new Talker { Leg = talker.Leg, T1Ms = talker.Overriding ? rules.T11Ms : rules.T1Ms, GrantedEpoch = talker.GrantedEpoch }));
        }

        return new MediaEffect { Session = state.CallId, MediaNode = mediaNode, SetTalkers = set };
    }

    private static FloorDatagram DatagramOf(FloorMessage message, List<uint> legs)
    {
        var datagram = new FloorDatagram { Payload = ByteString.CopyFrom(FloorCodec.Encode(message)) };
        datagram.Legs.Add(legs);
        return datagram;
    }
}
