using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>
/// Waits in line for the lock of the next node, so that its death is known the moment the database lets go of the lock. Each node watches one other:
/// together they are a ring.
/// </summary>
internal sealed class SuccessorWatch(ClusterOptions options, Action ended, ILogger logger) : IDisposable
{
    private CancellationTokenSource? _watching;
    private int _watched;

    /// <summary>The next instance after this node's, around the ring.</summary>
    public void Update(ClusterView view, int instance)
    {
        var others = view.Nodes.Select(node => node.Instance).Where(other => other != instance).Order().ToList();
        var successor = others.Count == 0 ? 0 : others.FirstOrDefault(other => other > instance, others[0]);
        if (successor == _watched)
        {
            return;
        }

        Dispose();
        _watched = successor;
        if (successor != 0)
        {
            _watching = new CancellationTokenSource();
            _ = WatchAsync(successor, _watching.Token);
        }
    }

    public void Dispose()
    {
        _watching?.Cancel();
        _watching?.Dispose();
        _watching = null;
        _watched = 0;
    }

    private async Task WatchAsync(int successor, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new ClusterSessions(options).ForWatch();
            await connection.OpenAsync(cancellationToken);
            await using var wait = new NpgsqlCommand($"SELECT pg_advisory_lock_shared({ClusterTables.LockClass}, {successor})", connection);
            await wait.ExecuteNonQueryAsync(cancellationToken);

            // Only this node knows yet, and perhaps it takes no shards itself. Before it looks: then it watches another node, and this watch is cancelled.
            await using var tell = new NpgsqlCommand($"NOTIFY {ClusterTables.Channel}", connection);
            await tell.ExecuteNonQueryAsync(CancellationToken.None);
            ended();
        }
        catch (OperationCanceledException)
        {
            // Somebody else is next now.
        }
        catch (Exception failure)
        {
            // Polling finds out too, only later. The next look opens another watch.
            logger.LogInformation("The watch over node {Instance} ended: {Reason}", successor, failure.Message);
            Interlocked.CompareExchange(ref _watched, 0, successor);
        }
    }
}
