using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Host.Recordings;

/// <summary>One recording of a call as the journal has it.</summary>
/// <param name="IsDropped">The server deleted it, and the journal says so.</param>
internal sealed record RecordedSpeech(uint Number, string Talker, RecordedBurst Burst, bool IsDropped)
{
    public string Who => Talker.Length > 0 ? Talker : $"leg {Burst.Leg}";
}

/// <summary>What the journal knows of a call's recordings. As large as the call has bursts.</summary>
/// <param name="Audio">Null: the call never got so far.</param>
/// <param name="Bursts">In the order of their beginnings.</param>
/// <param name="MissingPackets">Heard, and in no recording.</param>
internal sealed record CallRecording(string Call, CallAudio? Audio, bool IsRecorded, IReadOnlyList<RecordedSpeech> Bursts, ulong MissingPackets)
{
    /// <summary>Null: no such call.</summary>
    public static async Task<CallRecording?> ReadAsync(IJournalReader journal, string call, CancellationToken cancellationToken)
    {
        CallInitiated? initiated = null;
        var exists = false;
        var bursts = new List<BurstRecorded>();
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        ulong missing = 0;
        await foreach (var stored in journal.ReadActorAsync(ActorAddresses.Call(call).PersistenceId(), 1, cancellationToken))
        {
            exists = true;
            var happened = stored.TryReadEnvelope(out var envelope) ? envelope.Event.Call : null;
            switch (happened?.BodyCase)
            {
                case CallEvent.BodyOneofCase.Initiated:
                    initiated = happened.Initiated;
                    break;
                case CallEvent.BodyOneofCase.BurstRecorded when happened.BurstRecorded.Burst is not null:
                    bursts.Add(happened.BurstRecorded);
                    break;
                case CallEvent.BodyOneofCase.RecordingDropped:
                    dropped.Add(happened.RecordingDropped.File);
                    break;
                case CallEvent.BodyOneofCase.RecordingGap:
                    missing += happened.RecordingGap.Missing?.Packets ?? 0;
                    break;
            }
        }

        var speech = bursts
            .Select(burst => new RecordedSpeech(burst.Number, burst.McpttId, burst.Burst, dropped.Contains(burst.Burst.File)))
            .OrderBy(burst => burst.Burst.StartedUs);
        return exists ? new CallRecording(call, initiated?.Audio, initiated?.Rules?.Recorded == true, [.. speech], missing) : null;
    }
}
