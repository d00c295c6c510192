using Mcptt.Actors.Shards;
using Mcptt.Domain;

namespace Mcptt.Actors.Cells;

/// <summary>The node on which one actor leans, and what the actor was told of it: each fate once, and again when the node was well in between.</summary>
internal sealed class NodeLeaning(INodeWatch nodes)
{
    private volatile NodeRun? _node;
    private volatile Told? _told;

    /// <summary>From any thread.</summary>
    public bool IsUntold => FateOf(_node) is { } told && told != _told;

    /// <summary>In the actor's turn. False: there was nothing to tell.</summary>
    public async ValueTask<bool> TellAsync(LoadedActor actor)
    {
        _node = actor.LeansOn();
        var told = FateOf(_node);
        if (told is null || told == _told)
        {
            _told = told;
            return false;
        }

        if (await actor.TellOfAsync(told.Node, told.Fate))
        {
            _told = told;
            _node = actor.LeansOn();
        }

        return true;
    }

    private Told? FateOf(NodeRun? node) => node is not null && nodes.FateOf(node) is { } fate ? new Told(node, fate) : null;

    private sealed record Told(NodeRun Node, NodeFate Fate);
}
