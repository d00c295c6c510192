using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Host.Demo;

/// <summary>Who talked when, read from the floor actor's events alone.</summary>
internal sealed class JournalAccount
{
    private readonly Dictionary<uint, string> _users = [];
    private readonly List<JournalBurst> _bursts = [];

    public IReadOnlyList<JournalBurst> Bursts => _bursts;

    public long Events { get; private set; }

    public bool CallFinished { get; private set; }

    public static async Task<JournalAccount> ReadAsync(IJournalReader journal, long afterOrdering, CancellationToken cancellationToken)
    {
        var account = new JournalAccount();
        await foreach (var stored in journal.ReadAllAsync(afterOrdering, cancellationToken))
        {
            account.Events++;
            if (stored.TryReadEnvelope(out var envelope) && ActorAddresses.TryParse(stored.PersistenceId, out _))
            {
                account.Take(envelope.Event);
            }
        }

        return account;
    }

    private void Take(DomainEvent happened)
    {
        var at = UnixTime.OfUs(happened.TimeUs);
        CallFinished |= happened.Call is { BodyCase: CallEvent.BodyOneofCase.Finished };
        switch (happened.Floor?.BodyCase)
        {
            case FloorEvent.BodyOneofCase.ParticipantAdded:
                _users[happened.Floor.ParticipantAdded.Participant.Leg] = happened.Floor.ParticipantAdded.Participant.McpttId;
                break;
            case FloorEvent.BodyOneofCase.Granted:
                var request = happened.Floor.Granted.Request;
                _bursts.Add(new JournalBurst(request.Leg, _users.GetValueOrDefault(request.Leg, $"leg {request.Leg}"), UnixTime.OfUs(request.SinceUs), at));
                break;
            case FloorEvent.BodyOneofCase.TalkStarted:
                Change(happened.Floor.TalkStarted.Leg, burst => burst.FirstPacket = at);
                break;
            case FloorEvent.BodyOneofCase.Revoked:
                Change(happened.Floor.Revoked.Leg, burst => burst.RevokeCause = happened.Floor.Revoked.Cause);
                break;
            case FloorEvent.BodyOneofCase.TalkEnded:
                Change(happened.Floor.TalkEnded.Leg, burst => (burst.Ended, burst.EndReason) = (at, happened.Floor.TalkEnded.Reason));
                break;
        }
    }

    private void Change(uint leg, Action<JournalBurst> change)
    {
        if (_bursts.FindLast(burst => burst.Leg == leg && burst.Ended is null) is { } burst)
        {
            change(burst);
        }
    }
}

/// <summary>One burst as the journal has it.</summary>
internal sealed record JournalBurst(uint Leg, string User, DateTimeOffset Asked, DateTimeOffset Granted)
{
    public DateTimeOffset? FirstPacket { get; set; }

    public DateTimeOffset? Ended { get; set; }

    public FloorTalkEndReason EndReason { get; set; }

    /// <summary>0: not revoked.</summary>
    public uint RevokeCause { get; set; }
}
