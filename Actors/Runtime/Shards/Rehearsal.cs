using Mcptt.Actors.Journals;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Shards;

/// <summary>
/// Runs some of the actors for a moment with nothing that they say or write going anywhere, so that a node that joins has compiled what they need and opened its connections before
/// it is their owner: a take-over by a node that never owned anything is several times as slow. Histories are read as they are; every append ends well and is forgotten.
/// </summary>
public sealed class Rehearsal(ActorKinds kinds, IJournal journal, EngineOptions options, TimeProvider time)
{
    /// <summary>Id of the actors of which there is no history.</summary>
    private const string Nobody = "rehearsal";

    /// <param name="actors">How many that have a history are recovered.</param>
    public async Task RunAsync(int actors, CancellationToken cancellationToken)
    {
        var stage = new Stage(journal);

        // In a meter of its own: what is rehearsed did not happen.
        using var host = new ShardHost(kinds, stage, options with { Meters = null }, stage, time, NullLogger.Instance);
        host.Attach(stage, stage);
        await using var shard = new ActorShard(host, SoleOwner.Instance);
        await shard.StartAsync(journal.ReadLiveAsync("", "", cancellationToken).Take(actors).Select(AsDue), cancellationToken);
        foreach (var kind in Enum.GetValues<ActorKindName>().Where(kinds.Knows))
        {
            // A timer that nobody set is ignored by every kind.
            var command = new Command { CommandId = Nobody, To = new ActorAddress { Kind = kind, Id = Nobody }, Timer = new TimerFired { Name = Nobody } };
            await shard.SendAsync(command, CommandSource.Outside, cancellationToken);
        }
    }

    // Also those that would wait for their timers.
    private static LiveActor AsDue(LiveActor actor) => actor with { Mark = actor.Mark with { DueUs = 0 } };

    /// <summary>A journal to read and a world, both of which take everything and do nothing.</summary>
    private sealed class Stage(IJournal journal) : IJournal, ICommandRouter, ISipOutbox, IMediaPlane
    {
        private static readonly Reply Taken = new() { Accepted = new Accepted() };

        public string Failure => "";

        public ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<AppendResult> AppendAsync(JournalAppend append) => new(AppendResult.Written);

        public bool TryPost(JournalNote note) => true;

        public ValueTask FlushAsync() => ValueTask.CompletedTask;

        public ValueTask<StoredStart> ReadStartAsync(string persistenceId, CancellationToken cancellationToken) => journal.ReadStartAsync(persistenceId, cancellationToken);

        public IAsyncEnumerable<StoredEvent> ReadActorAsync(string persistenceId, long fromSequenceNumber, CancellationToken cancellationToken) =>
            journal.ReadActorAsync(persistenceId, fromSequenceNumber, cancellationToken);

        public IAsyncEnumerable<StoredEvent> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) => journal.ReadAllAsync(afterOrdering, cancellationToken);

        public IAsyncEnumerable<StoredEvent> ReadTagAsync(string tag, long afterOrdering, CancellationToken cancellationToken) => journal.ReadTagAsync(tag, afterOrdering, cancellationToken);

        public IAsyncEnumerable<string> ReadPersistenceIdsAsync(string prefix, string after, CancellationToken cancellationToken) =>
            journal.ReadPersistenceIdsAsync(prefix, after, cancellationToken);

        public IAsyncEnumerable<LiveActor> ReadLiveAsync(string prefix, string after, CancellationToken cancellationToken) => journal.ReadLiveAsync(prefix, after, cancellationToken);

        public ValueTask<long> ReadLastOrderingAsync(CancellationToken cancellationToken) => journal.ReadLastOrderingAsync(cancellationToken);

        public ValueTask<Reply> RouteAsync(Command command, CommandSource source, CancellationToken cancellationToken) => new(Taken);

        public ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken) => new(true);

        public ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken) => new(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
