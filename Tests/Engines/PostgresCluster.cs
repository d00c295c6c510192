using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mcptt.Engines;

/// <summary>Nodes of the PostgreSQL engine in this process, over one database, with ledgers for actors. The journal is theirs in common.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    public const int Shards = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _database = PostgresServer.Shared.CreateDatabase();
    private readonly List<Member> _members = [];
    private readonly LogLines _log = new();

    public InMemoryJournal Journal { get; } = new();

    public World World { get; } = new();

    public async Task<Member> JoinAsync(string name, bool actors = true, Func<ClusterOptions, ClusterOptions>? change = null)
    {
        var options = new ClusterOptions
        {
            ConnectionString = _database,
            NodeName = name,
            Listener = new IPEndPoint(IPAddress.Loopback, 0),
            Shards = Shards,
            Roles = actors ? [ClusterRoles.Actors] : [],

            // On a machine with two cores and other work a lease of seconds may be lost by itself; nothing here waits for one to run out.
            LeaseTime = TimeSpan.FromSeconds(15),
            CommandDeadline = Patience,
        };
        options = change?.Invoke(options) ?? options;
        var engine = new PostgresEngine(new ActorKinds().Add(new LedgerKind()), Journal, options, new EngineOptions { CommandDeadline = Patience }, null, TimeProvider.System, _log);
        engine.Attach(World, World);
        await new PostgresTables(new PostgresJournalOptions { ConnectionString = _database }).MigrateAsync(CancellationToken.None);
        var member = new Member(name, engine);
        _members.Add(member);
        await engine.StartAsync(CancellationToken.None);
        return member;
    }

    /// <summary>Every shard has an owner that lives, and they are spread evenly over those that take shards.</summary>
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

    /// <summary>Ends a node's session with the database from the other side: what happens to one that is frozen or cut off.</summary>
    public async Task CutOffAsync(Member member)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var terminate = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1", connection);
        terminate.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"mcptt lease {member.Name}" });
        await terminate.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.Engine.DisposeAsync();
        }
    }

    internal sealed record Member(string Name, PostgresEngine Engine)
    {
        public ValueTask<Reply> SayAsync(string actor, string commandId, params string[] words) => Engine.SendAsync(LedgerKind.Say(ActorAddresses.Ue(actor), commandId, words), CancellationToken.None);

        public async Task<IReadOnlyList<string>> WordsAsync(string actor)
        {
            var reply = await Engine.SendAsync(LedgerKind.Get(ActorAddresses.Ue(actor)), CancellationToken.None);
            return reply.Accepted is { } accepted ? [.. accepted.Ue.ImplicitGroupIds] : throw new InvalidOperationException(reply.ToString());
        }
    }

    private sealed class LogLines : ILoggerFactory, ILogger
    {
        private const int Kept = 200;

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
