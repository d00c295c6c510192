using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mcptt.Actors.Shards;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>The cells of a shard by persistence id. How many there may be counts for the node.</summary>
internal sealed class CellTable(ShardHost host, ICellWatcher? watcher)
{
    /// <summary>Above this share of the limit actors are unloaded sooner.</summary>
    private const double Crowded = 0.875;

    private readonly ConcurrentDictionary<string, ActorCell> _cells = new(StringComparer.Ordinal);

    public IEnumerable<ActorCell> All => _cells.Values;

    /// <summary>False: there are as many as may be.</summary>
    public bool TryGetOrAdd(CellServices services, ActorAddress address, [NotNullWhen(true)] out ActorCell? cell)
    {
        var persistenceId = address.PersistenceId();
        if (_cells.TryGetValue(persistenceId, out cell))
        {
            return true;
        }

        if (host.Loaded >= host.Options.LoadedLimit)
        {
            Sweep();
            return false;
        }

        // The caller's address may be a field of a message that lives no longer than the command.
        var made = new ActorCell(services, address.Clone());
        cell = _cells.GetOrAdd(persistenceId, made);
        if (ReferenceEquals(cell, made))
        {
            host.Added();
            watcher?.Added(persistenceId);
        }

        return true;
    }

    public void Remove(ActorCell cell)
    {
        if (_cells.TryRemove(new KeyValuePair<string, ActorCell>(cell.PersistenceId, cell)))
        {
            host.Removed();
            watcher?.Removed(cell.PersistenceId);
        }
    }

    /// <summary>The shard is over: nobody asks for its cells any more.</summary>
    public void Abandon()
    {
        foreach (var cell in _cells.Values)
        {
            Remove(cell);
        }
    }

    /// <summary>A node may be gone: who leans on it is told.</summary>
    public void LookAtNodes()
    {
        foreach (var (_, cell) in _cells)
        {
            cell.LookAtNode();
        }
    }

    public void Sweep()
    {
        var idleTime = host.Loaded >= host.Options.LoadedLimit * Crowded ? host.Options.CrowdedIdleTime : host.Options.IdleTime;
        foreach (var (_, cell) in _cells)
        {
            cell.Sweep(idleTime);
        }
    }
}
