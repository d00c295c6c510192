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
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mcptt.Engines.Postgres;

/// <summary>Nodes of the PostgreSQL engine in this process, over one database, with ledgers for actors.</summary>
/// <param name="database">Null: a fresh one, and one journal in memory for all nodes. Else each node has its own way to the journal in the database.</param>
internal sealed class PostgresCluster(string? database = null) : IAsyncDisposable
{
    public const int Shards = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _database = database ?? PostgresServer.Shared.CreateDatabase();
    private readonly List<Member> _members = [];
    private readonly List<IJournal> _journals = [];
    private readonly LogLines _log = new();

    /// <summary>What the nodes share where they have no journal of their own.</summary>
    public FaultyJournal Journal { get; } = new(new InMemoryJournal());

    public World World { get; } = new();

    public async Task<Member> JoinAsync(
        string name, bool actors = true, Func<ClusterOptions, ClusterOptions>? change = null, EngineOptions? options = null, TimeProvider? time = null)
    {
        await new PostgresTables(new PostgresJournalOptions { ConnectionString = _database }).MigrateAsync(CancellationToken.None);
        var cluster = new ClusterOptions
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
        cluster = change?.Invoke(cluster) ?? cluster;
        var own = database is null ? null : new FaultyJournal(OpenJournal(cluster.ConnectionString));
        _journals.AddRange(own is null ? [] : [own]);
        var engine = new PostgresEngine(
            new ActorKinds().Add(new LedgerKind()), own ?? Journal, cluster, options ?? new EngineOptions { CommandDeadline = Patience }, null, time ?? TimeProvider.System, _log);
        engine.Attach(World, World);
        var member = new Member(name, engine, own);
        _members.Add(member);
        await engine.StartAsync(CancellationToken.None);
        return member;
    }

    public static IJournal OpenJournal(string connectionString) =>
        new PostgresJournal(new PostgresJournalOptions { ConnectionString = connectionString, Writers = JournalWriters.Nodes }, NullLogger<PostgresJournal>.Instance, TimeProvider.System);

    /// <summary>The node is gone; what it was doing is not finished, and what it was writing may still arrive.</summary>
    public async Task CrashAsync(Member member)
    {
        _members.Remove(member);
        await member.Engine.DisposeAsync();
    }

    /// <summary>Every shard has an owner that lives, and they are spread evenly over those that take shards.</summary>
    public Task SettleAsync(params Member[] members) =>
        UntilAsync(
            () => members.Sum(member => member.Engine.OwnedShards.Count) == Shards
                && members.Max(member => member.Engine.OwnedShards.Count) - members.Min(member => member.Engine.OwnedShards.Count) <= 1
                && members.All(seer => members.All(seen => Sees(seer, seen))),
            () => string.Join(", ", members.Select(member => $"{member.Name} has {member.Engine.OwnedShards.Count}")));

    private static bool Sees(Member seer, Member seen) =>
        seer.Engine.View is var view && view.Named(seen.Name) is { } node && seen.Engine.OwnedShards.All(shard => view.Shards[shard].Owner == node.Instance);

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
        await using var terminate = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()", connection);
        terminate.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"mcptt lease {member.Name}" });
        await terminate.ExecuteScalarAsync();
    }

    /// <summary>Like a crash: nothing is handed over.</summary>
    public async Task KillAsync(string name)
    {
        var member = _members.Single(candidate => candidate.Name == name);
        _members.Remove(member);
        await member.Engine.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.Engine.DisposeAsync();
        }

        foreach (var journal in _journals)
        {
            await journal.DisposeAsync();
        }
    }

    internal sealed record Member(string Name, PostgresEngine Engine, FaultyJournal? OwnJournal)
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
