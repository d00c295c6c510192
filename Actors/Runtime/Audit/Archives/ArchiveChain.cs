using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>
/// The events that say what was moved where: a chain like that of any actor, of nobody's. Its unique key lets one archive at a time, whichever
/// node that is.
/// </summary>
internal static class ArchiveChain
{
    public const string PersistenceId = "archive-1";

    public static async IAsyncEnumerable<CallsArchived> ReadAsync(IJournalReader journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in journal.ReadActorAsync(PersistenceId, 1, cancellationToken))
        {
            if (stored.TryReadEnvelope(out var envelope) && envelope.Event.Archive?.CallsArchived is { } archived)
            {
                yield return archived;
            }
        }
    }

    /// <summary>Where the next event goes.</summary>
    public static async ValueTask<ChainEnd> ReadEndAsync(IJournalReader journal, CancellationToken cancellationToken)
    {
        var end = new ChainEnd(0, []);
        await foreach (var stored in journal.ReadActorAsync(PersistenceId, 1, cancellationToken))
        {
            end = new ChainEnd(stored.SequenceNumber, stored.Message);
        }

        return end;
    }

    /// <summary>True when the event is durable, false when somebody else wrote one since the end was read. Throws <see cref="ArchiveException"/>.</summary>
    public static async ValueTask<bool> TryAppendAsync(IJournal journal, ChainEnd end, CallsArchived archived, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var cause = $"archive:{archived.File}";
        var envelope = new EventEnvelope
        {
            Event = new DomainEvent { TimeUs = UnixTime.UsOf(time.GetUtcNow()), Archive = new ArchiveEvent { CallsArchived = archived } },
            CommandId = cause,
            CorrelationId = cause,
            PreviousSha256 = end.SequenceNumber == 0 ? ByteString.Empty : ByteString.CopyFrom(SHA256.HashData(end.Message)),
            Count = 1,
        };
        var row = new JournalRow(end.SequenceNumber + 1, envelope.ToByteArray(), []);
        var result = await journal.AppendAsync(new JournalAppend(PersistenceId, [row], now, Environment.MachineName, null));
        return result.Outcome switch
        {
            AppendOutcome.Written => true,
            AppendOutcome.Occupied => false,
            _ => throw new ArchiveException($"the journal cannot take the event that names {archived.File}: {result.Detail}; nothing was removed"),
        };
    }

    /// <param name="Message">Of the last event; empty: there is none.</param>
    internal readonly record struct ChainEnd(long SequenceNumber, byte[] Message);
}
