using Mcptt.Actors.Journals;
using Mcptt.Domain;

namespace Mcptt.Engines;

/// <summary>How long actors were without an owner, as their journal tells.</summary>
internal static class TakeOvers
{
    /// <summary>When each actor was first written by another node than before the moment given.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> ReadAsync(IJournalReader journal, IEnumerable<string> actors, DateTimeOffset since)
    {
        var takeOvers = new List<TimeSpan>();
        foreach (var actor in actors)
        {
            var writer = "";
            await foreach (var stored in journal.ReadActorAsync(ActorAddresses.Ue(actor).PersistenceId(), 1, CancellationToken.None))
            {
                if (stored.Created > since && writer.Length > 0 && stored.WriterUuid != writer)
                {
                    takeOvers.Add(stored.Created - since);
                    break;
                }

                writer = stored.WriterUuid;
            }
        }

        return takeOvers;
    }
}
