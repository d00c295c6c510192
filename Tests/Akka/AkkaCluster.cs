using Mcptt.Actors.Akka.Membership;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Akka.Tests;

/// <summary>Nodes of the Akka.NET engine in this process, on ports of their own, with ledgers for actors. The journal is theirs in common.</summary>
internal sealed class AkkaCluster : IAsyncDisposable
{
    public const int Shards = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<Member> _members = [];
    private readonly LogLines _log = new();

    public FaultyJournal Faulty { get; } = new(new InMemoryJournal());

    public IJournal Journal => Faulty;

    public World World { get; } = new();

    public async Task<Member> JoinAsync(string name, bool actors = true, Func<AkkaOptions, AkkaOptions>? change = null, EngineOptions? engine = null)
    {
        var options = new AkkaOptions
        {
            NodeName = name,
            Shards = Shards,
            Roles = actors ? [AkkaRoles.Actors] : [],
            SeedNodes = [.. _members.Where(member => member.Engine.IsMember).Select(member => member.Engine.Address)],

            // Shorter than a site's, so that tests are; long enough for a machine with two cores and other work.
            HeartbeatPause = TimeSpan.FromSeconds(8),
            StableAfter = TimeSpan.FromSeconds(2),
            RemovalMargin = TimeSpan.FromSeconds(1),
            RebalanceInterval = TimeSpan.FromMilliseconds(500),
            CommandDeadline = Patience,

            // Tests have two members at times, and a majority of two is luck.
            Hocon = "akka.cluster.split-brain-resolver { active-strategy = keep-oldest, keep-oldest.down-if-alone = off, down-all-when-unstable = off }",
        };
        options = change?.Invoke(options) ?? options;
        options = options with { BeginsAlone = options.SeedNodes.Count == 0 };
        var node = new AkkaEngine(new ActorKinds().Add(new LedgerKind()), Journal, options, engine ?? new EngineOptions { CommandDeadline = Patience }, TimeProvider.System, _log);
        node.Attach(World, World);
        var member = new Member(name, node);
        _members.Add(member);
        await node.StartAsync(CancellationToken.None);
        return member;
    }

    /// <summary>Every shard runs on one of the nodes, and they are spread evenly over them.</summary>
    public Task SettleAsync(params Member[] members) =>
        UntilAsync(
            () => members.Sum(member => member.Engine.OwnedShards.Count) == Shards && members.Max(member => member.Engine.OwnedShards.Count) - members.Min(member => member.Engine.OwnedShards.Count) <= 1,
            () => string.Join(", ", members.Select(member => $"{member.Name} has {member.Engine.OwnedShards.Count}")));

    public async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited in vain: {what()}\n{_log}");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.Engine.DisposeAsync();
        }
    }

    internal sealed record Member(string Name, AkkaEngine Engine)
    {
        public ClusterMembership Membership => Engine.Membership ?? throw new InvalidOperationException($"{Name} is no member");

        public ValueTask<Reply> SayAsync(string actor, string commandId, params string[] words) => Engine.SendAsync(LedgerKind.Say(ActorAddresses.Ue(actor), commandId, words), CancellationToken.None);

        public async Task<IReadOnlyList<string>> WordsAsync(string actor)
        {
            var reply = await Engine.SendAsync(LedgerKind.Get(ActorAddresses.Ue(actor)), CancellationToken.None);
            return reply.Accepted is { } accepted ? [.. accepted.Ue.ImplicitGroupIds] : throw new InvalidOperationException(reply.ToString());
        }
    }

    private sealed class LogLines : ILoggerFactory, ILogger
    {
        private const int Kept = 400;

        private readonly Queue<string> _lines = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");
                while (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }
            }
        }

        public override string ToString()
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }

        public void Dispose()
        {
        }
    }
}
