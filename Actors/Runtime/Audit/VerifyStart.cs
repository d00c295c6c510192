using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Audit;

/// <summary>Turns moments into seals: verification of a part begins after a seal and ends with one.</summary>
internal sealed class VerifyStart(IJournalReader journal, VerifyOptions options)
{
    /// <param name="After">Rows after this ordering are read ...</param>
    /// <param name="To">... up to this one.</param>
    /// <param name="IsStart">Chains begin with their first event.</param>
    /// <param name="IsCut">Later rows are left out.</param>
    internal sealed record Place(long After, long To, bool IsStart, bool IsCut);

    public async ValueTask<Place> FindAsync(SealCursor seals, CancellationToken cancellationToken)
    {
        if (options.From is null && options.To is null)
        {
            // Also rows with orderings below 1, which nobody else ever reads.
            return new Place(long.MinValue, long.MaxValue, IsStart: true, IsCut: false);
        }

        SealEvent? before = null;
        SealEvent? last = null;
        await foreach (var stored in journal.ReadActorAsync(SealLimits.PersistenceId, 1, cancellationToken))
        {
            if (!SealRecord.TryRead(stored, out var envelope) || envelope.Event.Seal is not { } seal)
            {
                throw new VerifyRefusedException($"{SealLimits.PersistenceId} {stored.SequenceNumber} is no seal any more: verify the whole journal, without --from and --to");
            }

            var time = SealRecord.TimeOf(seal);
            before = time < options.From ? seal : before;
            last = seal;
            if (time >= options.To)
            {
                break;
            }
        }

        if (last is null)
        {
            throw new VerifyRefusedException("the journal has no seals: a part of it cannot be verified; leave out --from and --to");
        }

        if (before is not null)
        {
            seals.Skip(before, cancellationToken);
        }

        var isCut = options.To is { } to && SealRecord.TimeOf(last) >= to;
        return new Place(before?.ToOrdering ?? long.MinValue, isCut ? last.ToOrdering : long.MaxValue, before is null, isCut);
    }
}
