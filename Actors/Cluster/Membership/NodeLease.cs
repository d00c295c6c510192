using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Actors.Cluster.Membership;

/// <summary>
/// That this node lives, for as long as it lasts: an advisory lock on a connection and a thread of its own, so that neither a busy pool nor a slow query
/// costs the lease. The server ends the session of a node that it has not heard for the lease time (idle_session_timeout), and this side stops
/// believing in it a little sooner, by its own clock that only runs forward. A lease that was lost never comes back; the node joins anew.
/// </summary>
internal sealed class NodeLease : IDisposable
{
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _address;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly TaskCompletionSource<int> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heldUntil = long.MinValue;
    private bool _leaving;

    private NodeLease(ClusterOptions options, Uri address, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _address = address;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "node lease" };
    }

    public int Instance { get; private set; }

    public bool IsHeld => _time.GetTimestamp() < Volatile.Read(ref _heldUntil);

    /// <summary>How long it lasts if the database is not heard again; less than nothing: it is over.</summary>
    public TimeSpan Left => Volatile.Read(ref _heldUntil) is not long.MinValue and var until ? _time.GetElapsedTime(_time.GetTimestamp(), until) : TimeSpan.MinValue;

    /// <summary>Ends with the reason when the session with the database is over.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Throws <see cref="NodeNameTakenException"/> when another node that lives has the name.</summary>
    public static async Task<NodeLease> TakeAsync(ClusterOptions options, Uri address, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var lease = new NodeLease(options, address, time, logger);
        lease._thread.Start();
        try
        {
            lease.Instance = await lease._taken.Task.WaitAsync(cancellationToken);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Leaves: the lock is free at once. It does not wait for a database that does not answer.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _heldUntil, long.MinValue);
        lock (_gate)
        {
            _leaving = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        try
        {
            using var connection = new ClusterSessions(_options).ForLease();
            connection.Open();
            var instance = Join(connection);
            _taken.SetResult(instance);
            while (Wait(_options.LeaseTime / 4))
            {
                Renew(connection);
            }

            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM node WHERE instance = {instance}"));
            _lost.TrySetResult("the node leaves");
        }
        catch (Exception failure)
        {
            // Whatever it was, the node is no member any more and joins anew.
            Volatile.Write(ref _heldUntil, long.MinValue);
            _taken.TrySetException(failure);
            _lost.TrySetResult(failure.Message);
        }
    }

    private int Join(NpgsqlConnection connection)
    {
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"SET idle_session_timeout = {(int)_options.LeaseTime.TotalMilliseconds}"));
        TakeName(connection);
        var start = _time.GetTimestamp();
        using var take = new NpgsqlCommand($"SELECT i, pg_advisory_lock({ClusterTables.LockClass}, i)::text FROM (SELECT nextval('node_instance')::integer AS i) AS n", connection);
        var instance = Convert.ToInt32(take.ExecuteScalar(), CultureInfo.InvariantCulture);
        using var insert = new NpgsqlCommand(
            "INSERT INTO node (instance, name, address, roles, site, version, started, run, reads) VALUES ($1, $2, $3, $4, $5, $6, now(), $7, $8)", connection);
        insert.Parameters.AddRange(
            new NpgsqlParameter[]
            {
                new NpgsqlParameter<int> { TypedValue = instance },
                new NpgsqlParameter<string> { TypedValue = _options.NodeName },
                new NpgsqlParameter<string> { TypedValue = _address.ToString() },
                new NpgsqlParameter<string> { TypedValue = string.Join(',', _options.Roles) },
                new NpgsqlParameter<string> { TypedValue = _options.Site },
                new NpgsqlParameter<string> { TypedValue = _options.Version },
                new NpgsqlParameter<string> { TypedValue = _options.Run },
                new NpgsqlParameter<int> { TypedValue = _options.Format.Reads },
            });
        insert.ExecuteNonQuery();
        Execute(connection, ClusterTables.ForgetOld);
        Execute(connection, $"NOTIFY {ClusterTables.Channel}");
        Hold(start);
        return instance;
    }

    private void Renew(NpgsqlConnection connection)
    {
        // The time before the question counts: the server's own clock for this session starts no earlier.
        var start = _time.GetTimestamp();
        Execute(connection, "SELECT 1");
        Hold(start);
    }

    private void Hold(long since)
    {
        var length = (_options.LeaseTime - _options.LeaseMargin).TotalSeconds * _time.TimestampFrequency;
        lock (_gate)
        {
            if (Volatile.Read(ref _heldUntil) != long.MinValue && !IsHeld)
            {
                throw new TimeoutException("the lease ran out before the database answered");
            }

            if (!_leaving)
            {
                Volatile.Write(ref _heldUntil, since + (long)length);
            }
        }
    }

    // A former run that was killed with its machine holds the name until its session is ended: it is waited for, not refused.
    private void TakeName(NpgsqlConnection connection)
    {
        var start = _time.GetTimestamp();
        var waits = false;
        while (!NodeName.TryTake(connection, _options.NodeName))
        {
            if (_time.GetElapsedTime(start) >= _options.NamePatience)
            {
                throw new NodeNameTakenException(NodeName.TakenBy(connection, _options.NodeName));
            }

            if (!waits)
            {
                waits = true;
                _logger.LogInformation("Node {Node} waits {Seconds} s at most for its name: {Reason}", _options.NodeName, _options.NamePatience.TotalSeconds, NodeName.TakenBy(connection, _options.NodeName));
            }

            if (!Wait(ClusterOptions.NameRetry))
            {
                throw new OperationCanceledException("the node leaves");
            }
        }
    }

    /// <summary>False: this node leaves.</summary>
    private bool Wait(TimeSpan time)
    {
        lock (_gate)
        {
            if (!_leaving)
            {
                Monitor.Wait(_gate, time);
            }

            return !_leaving;
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
