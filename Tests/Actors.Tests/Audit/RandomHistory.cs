using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>Writes envelopes as the runtime does: linked, tagged, several to a command, of users, groups, calls and floors in turns.</summary>
internal sealed class RandomHistory(IJournal journal, Random random, int actors = 12)
{
    private const int MostEvents = 4;

    private readonly Dictionary<string, (long SequenceNumber, byte[] Sha256)> _heads = [];
    private DateTimeOffset _now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public int Events { get; private set; }

    public string WriterUuid { get; init; } = "0123456789abcdef";

    /// <summary>Keeps the actors of several apart.</summary>
    public string Prefix { get; init; } = "";

    public async Task WriteAsync(int events)
    {
        for (var end = Events + events; Events < end;)
        {
            await CommandAsync(Math.Min(end - Events, random.Next(1, MostEvents + 1)));
        }
    }

    private async Task CommandAsync(int count)
    {
        var address = Address(random.Next(actors));
        var id = address.PersistenceId();
        var head = _heads.TryGetValue(id, out var known) ? known : (0, []);
        _now += TimeSpan.FromMilliseconds(random.Next(1, 5_000));
        var rows = new JournalRow[count];
        for (var i = 0; i < count; i++)
        {
            var envelope = new EventEnvelope
            {
                Event = Event(address),
                CommandId = $"sip:INVITE:z9hG4bK{random.Next():x}:192.0.2.1:5060",
                CorrelationId = $"{random.Next():x}",
                OnBehalfOf = random.Next(3) == 0 ? "" : User(random.Next(5)),
                PreviousSha256 = ByteString.CopyFrom(head.Sha256),
                Index = (uint)i,
                Count = (uint)count,
                Reply = i == count - 1 ? Replies.Accepted : null,
            };
            var message = envelope.ToByteArray();
            head = (head.SequenceNumber + 1, SHA256.HashData(message));
            rows[i] = new JournalRow(head.SequenceNumber, message, EventTags.Of(address, envelope));
        }

        var result = await journal.AppendAsync(new JournalAppend(id, rows, _now, WriterUuid, new LiveMark(head.SequenceNumber, 0)));
        Assert.Equal(AppendOutcome.Written, result.Outcome);
        _heads[id] = head;
        Events += count;
    }

    private static string User(int number) => $"sip:user{number}@example.org";

    private ActorAddress Address(int number) =>
        (number % 4) switch
        {
            0 => ActorAddresses.Ue($"sip:{Prefix}user{number}@example.org"),
            1 => ActorAddresses.Group($"sip:{Prefix}group{number}@example.org"),
            2 => ActorAddresses.Call($"{Prefix}{number:x24}"),
            _ => ActorAddresses.Floor($"{Prefix}{number:x24}"),
        };

    private DomainEvent Event(ActorAddress address)
    {
        var happened = new DomainEvent { TimeUs = (_now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond };
        switch (address.Kind)
        {
            case ActorKindName.Ue:
                happened.Ue = new UeEvent { ClientSettingsChanged = new ClientSettingsChanged { ClientId = $"{random.Next():x}", ManualAnswer = random.Next(2) == 0 } };
                break;
            case ActorKindName.Group:
                happened.Group = new GroupEvent { CallCleared = new GroupCallCleared { Call = $"{random.Next(20):x24}" } };
                break;
            case ActorKindName.Call:
                happened.Call = new CallEvent { ParticipantLeft = new ParticipantLeft { Leg = (uint)random.Next(1, 99) } };
                break;
            default:
                happened.Floor = new FloorEvent { GrantAcknowledged = new FloorGrantAcknowledged { Leg = (uint)random.Next(1, 99) } };
                break;
        }

        return happened;
    }
}
