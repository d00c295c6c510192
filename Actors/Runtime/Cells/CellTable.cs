using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Cells;

/// <summary>The cells of a node by persistence id.</summary>
internal sealed class CellTable(EngineOptions options)
{
    /// <summary>Above this share of the limit actors are unloaded sooner.</summary>
    private const double Crowded = 0.875;

    private readonly ConcurrentDictionary<string, ActorCell> _cells = new(StringComparer.Ordinal);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<ActorCell> All => _cells.Values;

    /// <summary>False: there are as many as may be.</summary>
    public bool TryGetOrAdd(CellServices services, ActorAddress address, [NotNullWhen(true)] out ActorCell? cell)
    {
        var persistenceId = address.PersistenceId();
        if (_cells.TryGetValue(persistenceId, out cell))
        {
            return true;
        }

        if (Count >= options.LoadedLimit)
        {
            Sweep();
            return false;
        }

        // The caller's address may be a field of a message that lives no longer than the command.
        var made = new ActorCell(services, address.Clone());
        cell = _cells.GetOrAdd(persistenceId, made);
        if (ReferenceEquals(cell, made))
        {
            Interlocked.Increment(ref _count);
        }

        return true;
    }

    public void Remove(ActorCell cell)
    {
        if (_cells.TryRemove(new KeyValuePair<string, ActorCell>(cell.PersistenceId, cell)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public void Sweep()
    {
        var idleTime = Count >= options.LoadedLimit * Crowded ? options.CrowdedIdleTime : options.IdleTime;
        foreach (var (_, cell) in _cells)
        {
            cell.Sweep(idleTime);
        }
    }
}
