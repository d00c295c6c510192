namespace Mcptt.Actors.Shards;

/// <summary>Is told which actors of a shard have a place on this node: by a command, a timer, or because somebody relies on them. Called from any thread; it must not wait.</summary>
public interface ICellWatcher
{
    void Added(string persistenceId);

    void Removed(string persistenceId);
}
