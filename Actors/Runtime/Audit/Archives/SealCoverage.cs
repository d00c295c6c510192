using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Audit.Archives;

internal static class SealCoverage
{
    public static ValueTask<long> ReadAsync(IJournalReader journal, CancellationToken cancellationToken) => new(0);
}
