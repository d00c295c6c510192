using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit.Archives;

/// <summary>Up to which ordering the journal is sealed.</summary>
internal static class SealCoverage
{
    /// <summary>Orderings from the end in which the last seal is looked for first.</summary>
    private const long FirstLook = 20_000;

    /// <returns>0: there is no seal, or what stands there is none.</returns>
    public static async ValueTask<long> ReadAsync(IJournalReader journal, CancellationToken cancellationToken) =>
        await SealChain.ReadLastAsync(journal, FirstLook, cancellationToken) is { } stored && SealRecord.TryRead(stored, out var envelope) ? envelope.Event.Seal.ToOrdering : 0;
}
