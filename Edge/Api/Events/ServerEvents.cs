using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mcptt.Api.Models;
using Mcptt.Domain.Audit;
using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;

namespace Mcptt.Api.Events;

/// <summary>What happens, from the journal and from the picture of the cluster, in one stream per client. Events of the journal come each once and in their order, whoever wrote them.</summary>
internal sealed class ServerEvents(IAuditReader audit, INodeDirectory nodes, ApiOptions options, TimeProvider time)
{
    /// <summary>Events that wait for one client; beyond it nothing more is read until it takes some.</summary>
    public const int Waiting = 256;

    /// <summary>The same wish with the place in the journal where it begins. Throws <see cref="AuditUnavailableException"/> when the journal cannot be read now.</summary>
    public async ValueTask<EventWish> PlaceAsync(EventWish wish, CancellationToken cancellationToken) =>
        wish.After is null && wish.JournalKinds.Count > 0 ? wish with { After = await audit.ReadLastOrderingAsync(cancellationToken) } : wish;

    public async IAsyncEnumerable<ServerEventModel> FollowAsync(EventWish wish, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = nodes.Read();
        var after = wish.After ?? 0;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<ServerEventModel>(new BoundedChannelOptions(Waiting) { SingleReader = true });
        var reading = Task.WhenAll(JournalAsync(wish, after, channel.Writer, ended.Token), ClusterAsync(wish, before, channel.Writer, ended.Token));
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task JournalAsync(EventWish wish, long after, ChannelWriter<ServerEventModel> events, CancellationToken cancellationToken)
    {
        if (wish.JournalKinds.Count == 0)
        {
            return;
        }

        try
        {
            var query = new AuditQuery { Kinds = wish.JournalKinds, AfterOrdering = after };
            await foreach (var entry in audit.FollowAsync(query, cancellationToken))
            {
                await events.WriteAsync(Model(entry), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The client is told by the end of its stream, and resumes.
            events.TryComplete(failure);
        }
    }

    private async Task ClusterAsync(EventWish wish, ClusterPicture before, ChannelWriter<ServerEventModel> events, CancellationToken cancellationToken)
    {
        while (wish.ClusterKinds.Count > 0)
        {
            await Task.Delay(options.ClusterPoll, time, cancellationToken);
            var now = nodes.Read();
            foreach (var change in ClusterChange.Between(before, now).Where(change => wish.ClusterKinds.Contains(change.Kind)))
            {
                await events.WriteAsync(Model(change), cancellationToken);
            }

            before = now;
        }
    }

    private ServerEventModel Model(ClusterChange change) =>
        new() { Kind = change.Kind, Time = time.GetUtcNow(), Sentence = change.Sentence, Node = Wire.OrNull(change.Node), Shard = change.Shard };

    private static ServerEventModel Model(AuditEntry entry) =>
        new()
        {
            Kind = entry.Description.Kind,
            Time = entry.Time,
            Sentence = entry.Description.Sentence,
            Ordering = entry.Ordering,
            User = Wire.OrNull(entry.Description.User),
            Group = Wire.OrNull(entry.Description.Group),
            Call = Wire.OrNull(entry.Description.Call),
            Leg = entry.Description.Leg == 0 ? null : entry.Description.Leg,
            CorrelationId = Wire.OrNull(entry.CorrelationId),
        };
}
