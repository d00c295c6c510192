using Mcptt.Actors.Cells;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors;

/// <summary>The kinds of actors that an engine runs.</summary>
public sealed class ActorKinds
{
    private readonly Dictionary<ActorKindName, Func<string, ActorModel>> _models = [];

    public ActorKinds Add<TState>(ActorKind<TState> kind)
    {
        _models.Add(kind.Name, id => new ActorModel<TState>(kind, id));
        return this;
    }

    internal bool Knows(ActorKindName kind) => _models.ContainsKey(kind);

    internal ActorModel Create(ActorAddress address) => _models[address.Kind](address.Id);
}
