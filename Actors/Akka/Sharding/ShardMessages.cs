using Akka.Actor;

namespace Mcptt.Actors.Akka.Sharding;

/// <summary>Told to every entity of a shard that moves, and to an entity that is passivated. The keeper finishes first what is under way.</summary>
internal sealed class HandOff : INoSerializationVerificationNeeded
{
    public static readonly HandOff Instance = new();

    private HandOff()
    {
    }
}

/// <summary>An actor has a place on this node, so its entity is there too.</summary>
internal sealed record CellHere(string PersistenceId) : INoSerializationVerificationNeeded;

/// <summary>An actor was unloaded: its entity passivates.</summary>
internal sealed record CellGone(string PersistenceId) : INoSerializationVerificationNeeded;
