using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

internal enum SealOutcome
{
    /// <summary>A seal was made, and it covers all that there was.</summary>
    Sealed,

    /// <summary>A seal was made; more waits.</summary>
    SealedFull,

    /// <summary>There was nothing to seal.</summary>
    Nothing,

    /// <summary>Another node made this seal.</summary>
    Overtaken,
}

/// <summary>Why no seal could be made.</summary>
internal sealed class SealFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Makes one seal after the other: reads the journal from the last seal on, and appends the next one with the next number, so that of several
/// nodes the unique key lets one win. It knows nothing that the journal does not know: after any failure it begins there again.
/// </summary>
internal sealed class Sealer(IJournal journal, SealKey key, SealerOptions options, TimeProvider time, string writerUuid)
{
    /// <summary>The last seal is looked for this many times <see cref="SealerOptions.EveryEvents"/> back, then ever farther.</summary>
    private const int FirstLook = 2;

    private Last? _last;

    /// <summary>Ordering up to which the last seal covers; null before it is known.</summary>
    public long? SealedTo => _last?.ToOrdering;

    public ulong Number => _last?.Number ?? 0;

    /// <summary>Time of the last seal; of the first use before the first one.</summary>
    public DateTimeOffset SealedAt => _last?.At ?? DateTimeOffset.MinValue;

    /// <summary>Up to here there is nothing but seals after the last one.</summary>
    public long QuietTo { get; private set; }

    /// <summary>Ends when the last seal is known, whoever made it.</summary>
    public async ValueTask FollowAsync(CancellationToken cancellationToken)
    {
        if (_last is not { } last)
        {
            _last = await FindAsync(cancellationToken);
            return;
        }

        await foreach (var stored in journal.ReadActorAsync(SealLimits.PersistenceId, (long)last.Number + 1, cancellationToken))
        {
            _last = Of(stored);
        }
    }

    /// <summary>Throws <see cref="SealFailedException"/> or <see cref="JournalReadException"/>.</summary>
    public async ValueTask<SealOutcome> SealAsync(CancellationToken cancellationToken)
    {
        await FollowAsync(cancellationToken);
        var last = _last ?? throw new SealFailedException("the last seal is not known");
        var window = new SealWindow(options.EveryEvents, options.ChainLimit);
        var isFull = await FillAsync(window, last.ToOrdering, cancellationToken);

        // Many seals in a row, of a long backlog, may fill a window: they are sealed too, or what comes after them never were.
        if (!window.HasEvents && !isFull)
        {
            QuietTo = window.Rows == 0 ? last.ToOrdering : window.LastOrdering;
            return SealOutcome.Nothing;
        }

        var seal = Seal(window, last);
        var message = SealRecord.Message(seal, last.Sha256);
        var append = new JournalAppend(
            SealLimits.PersistenceId, [new JournalRow((long)seal.Number, message, [])], SealRecord.TimeOf(seal), writerUuid, null);
        var result = await journal.AppendAsync(append);
        switch (result.Outcome)
        {
            case AppendOutcome.Written:
                _last = new Last(seal.Number, seal.ToOrdering, SealRecord.TimeOf(seal), SHA256.HashData(message));
                return isFull ? SealOutcome.SealedFull : SealOutcome.Sealed;
            case AppendOutcome.Occupied:
                return SealOutcome.Overtaken;
            default:
                // Whether it is there is unknown: it is looked for again.
                _last = null;
                throw new SealFailedException($"the seal could not be stored: {result.Detail}");
        }
    }

    private async ValueTask<bool> FillAsync(SealWindow window, long after, CancellationToken cancellationToken)
    {
        var sha256 = new byte[Sha256Value.Octets];
        await foreach (var stored in journal.ReadAllAsync(after, cancellationToken))
        {
            SHA256.HashData(stored.Message, sha256);
            if (!window.TryAdd(stored, sha256))
            {
                return true;
            }
        }

        return false;
    }

    private SealEvent Seal(SealWindow window, Last last)
    {
        var seal = new SealedRows(window.Close()).ToSeal();
        seal.Number = last.Number + 1;
        seal.AfterOrdering = last.ToOrdering;
        seal.ToOrdering = window.LastOrdering;
        seal.Algorithm = SealAlgorithm.EcdsaP256Sha256;
        seal.KeyId = key.KeyId;
        seal.TimeUs = Math.Max(UnixTime.UsOf(time.GetUtcNow()), UnixTime.UsOf(last.At));
        seal.WriterUuid = writerUuid;
        seal.Signature = ByteString.CopyFrom(key.Sign(SealRecord.SignedOctets(seal, last.Sha256)));
        return seal;
    }

    private async ValueTask<Last> FindAsync(CancellationToken cancellationToken) =>
        await SealChain.ReadLastAsync(journal, (long)FirstLook * options.EveryEvents, cancellationToken) is { } seal ? Of(seal) : new Last(0, 0, DateTimeOffset.UnixEpoch, []);

    private static Last Of(in StoredEvent stored) =>
        SealRecord.TryRead(stored, out var envelope) && envelope.Event.Seal is { } seal && seal.Number == (ulong)stored.SequenceNumber
            ? new Last(seal.Number, seal.ToOrdering, SealRecord.TimeOf(seal), SealRecord.Sha256(stored))
            : throw new SealFailedException($"{SealLimits.PersistenceId} {stored.SequenceNumber} is no seal: somebody changed it; run \"mcptt audit verify\"");

    private sealed record Last(ulong Number, long ToOrdering, DateTimeOffset At, byte[] Sha256);
}
