using System.Security.Cryptography;
using Mcptt.Actors.Cells;
using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

internal enum CallFitness
{
    Fit,
    NotEnded,
    NotSealed,

    /// <summary>Recordings of it are kept. When one is deleted its call says so, so it must not be gone by then.</summary>
    Recorded,
    Unreadable,
}

/// <summary>A call with its floor as it would be moved.</summary>
internal sealed class InspectedCall
{
    public CallFitness Fitness { get; set; }

    /// <summary>Why it is unreadable.</summary>
    public string Detail { get; set; } = "";

    public List<HistoryEnd> Histories { get; } = [];

    public List<long> Orderings { get; } = [];

    /// <summary>Files that a media node recorded and has not deleted.</summary>
    public HashSet<string> Recordings { get; } = new(StringComparer.Ordinal);

    public long Bytes { get; set; }

    public long FirstCreatedTicks { get; set; } = long.MaxValue;

    public long LastCreatedTicks { get; set; }
}

/// <summary>Replays a call and its floor with the production evolvers: what may be moved has ended by them, not by a guess.</summary>
internal sealed class CallInspection(IJournal journal, long sealedTo, DateTimeOffset storedBefore)
{
    private readonly ActorKinds _kinds = new ActorKinds().Add(new CallKind()).Add(new FloorKind());

    public async ValueTask<InspectedCall> InspectAsync(string callId, CancellationToken cancellationToken)
    {
        var call = new InspectedCall();
        foreach (var address in (ActorAddress[])[ActorAddresses.Call(callId), ActorAddresses.Floor(callId)])
        {
            call.Fitness = await InspectAsync(call, address, cancellationToken);
            if (call.Fitness != CallFitness.Fit)
            {
                break;
            }
        }

        return call;
    }

    private async ValueTask<CallFitness> InspectAsync(InspectedCall call, ActorAddress address, CancellationToken cancellationToken)
    {
        var id = address.PersistenceId();
        var start = await journal.ReadStartAsync(id, cancellationToken);
        if (start.Live is not null)
        {
            return CallFitness.NotEnded;
        }

        var model = _kinds.Create(address);
        var end = new HistoryEnd(id, 0);
        var sha256 = Array.Empty<byte>();
        await foreach (var stored in journal.ReadActorAsync(id, 1, cancellationToken))
        {
            if (Replay(call, model, stored, end.SequenceNumber, sha256) is { } problem)
            {
                call.Detail = $"{id} {stored.SequenceNumber}: {problem}";
                return CallFitness.Unreadable;
            }

            sha256 = SHA256.HashData(stored.Message);
            end = new HistoryEnd(id, stored.SequenceNumber);
            Note(call, stored);
        }

        // A call that ended before it had a media session has no floor.
        if (end.SequenceNumber == 0)
        {
            return CallFitness.Fit;
        }

        call.Histories.Add(end);
        return !model.IsFinished() || call.LastCreatedTicks >= storedBefore.UtcTicks ? CallFitness.NotEnded
            : call.Recordings.Count > 0 ? CallFitness.Recorded
            : call.Orderings[^1] > sealedTo ? CallFitness.NotSealed
            : CallFitness.Fit;
    }

    private static void Note(InspectedCall call, in StoredEvent stored)
    {
        call.Orderings.Add(stored.Ordering);
        call.Bytes += stored.Message.Length;
        call.FirstCreatedTicks = Math.Min(call.FirstCreatedTicks, stored.Created.UtcTicks);
        call.LastCreatedTicks = Math.Max(call.LastCreatedTicks, stored.Created.UtcTicks);
    }

    private static void NoteRecording(InspectedCall call, CallEvent? happened)
    {
        switch (happened?.BodyCase)
        {
            case CallEvent.BodyOneofCase.BurstRecorded:
                call.Recordings.Add(happened.BurstRecorded.Burst.File);
                break;
            case CallEvent.BodyOneofCase.RecordingDropped:
                call.Recordings.Remove(happened.RecordingDropped.File);
                break;
        }
    }

    private static string? Replay(InspectedCall call, ActorModel model, in StoredEvent stored, long before, byte[] sha256)
    {
        if (stored.SequenceNumber != before + 1)
        {
            return $"it follows {before}";
        }

        if (!stored.TryReadEnvelope(out var envelope))
        {
            return $"it cannot be read (manifest {stored.Manifest})";
        }

        if (!envelope.PreviousSha256.Span.SequenceEqual(sha256))
        {
            return "it does not follow the event before it (SHA-256)";
        }

        try
        {
            model.Replay(envelope.Event);
            NoteRecording(call, envelope.Event.Call);
            return null;
        }
        catch (Exception failure)
        {
            // Whatever an evolver throws, this call stays where it is.
            return $"it cannot be evolved: {failure.Message}";
        }
    }
}
