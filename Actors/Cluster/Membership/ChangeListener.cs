using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>Hears from the database that a shard changed its owner or a node its mind (LISTEN). What it misses is found by polling.</summary>
internal sealed class ChangeListener(ClusterOptions options, Action heard, TimeProvider time, ILogger logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                logger.LogInformation("Listening for changes ended: {Reason}", failure.Message);
            }

            await Task.Delay(options.LeaseTime / 4, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = new ClusterSessions(options).ForNotifications();
        connection.Notification += (_, _) => heard();
        await connection.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {ClusterTables.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        heard();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}
