using Mcptt.Actors.Journals;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors;

/// <summary>Lists actors from the journal's index of persistence ids and from its table `live`.</summary>
public sealed class JournalActorCatalog(IJournalReader journal) : IActorCatalog
{
    public async ValueTask<IReadOnlyList<string>> ListAsync(
        ActorKindName kind, ActorScope scope, string after, int limit, CancellationToken cancellationToken)
    {
        var prefix = new ActorAddress { Kind = kind }.PersistenceId();
        var from = after.Length == 0 ? "" : prefix + after;
        var ids = scope == ActorScope.Live ? LiveAsync(prefix, from, cancellationToken) : journal.ReadPersistenceIdsAsync(prefix, from, cancellationToken);
        var page = new List<string>();
        try
        {
            await foreach (var id in ids.Take(limit).WithCancellation(cancellationToken))
            {
                page.Add(id[prefix.Length..]);
            }
        }
        catch (JournalReadException failure)
        {
            throw new DirectoryUnavailableException(failure.Message, failure);
        }

        return page;
    }

    private async IAsyncEnumerable<string> LiveAsync(
        string prefix, string from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var live in journal.ReadLiveAsync(prefix, from, cancellationToken))
        {
            yield return live.PersistenceId;
        }
    }
}
