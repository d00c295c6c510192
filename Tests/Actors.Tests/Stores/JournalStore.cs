using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Journals;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests.Stores;

/// <summary>Where a journal keeps its rows. It outlives the journals that are opened over it, and can be written to behind their backs.</summary>
internal abstract class JournalStore : IAsyncDisposable
{
    public static Task<JournalStore> CreateAsync(TestedJournal journal) =>
        Task.FromResult<JournalStore>(journal switch
        {
            TestedJournal.InMemory => new InMemoryStore(),
            TestedJournal.Sqlite => new SqliteStore(),
            TestedJournal.Postgres => new PostgresStore(),
            _ => throw new ArgumentOutOfRangeException(nameof(journal)),
        });

    /// <summary>A journal of its own over the same rows, as another process would open it.</summary>
    public abstract Task<IJournal> OpenAsync();

    /// <summary>Another program's or version's snapshot in the place of the actor's.</summary>
    public abstract Task PutSnapshotAsync(string persistenceId, long sequenceNumber, byte[] snapshot, string manifest);

    public abstract ValueTask DisposeAsync();

    private sealed class InMemoryStore : JournalStore
    {
        private readonly InMemoryJournal _journal = new();

        public override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(_journal);

        public override Task PutSnapshotAsync(string persistenceId, long sequenceNumber, byte[] snapshot, string manifest) =>
            throw new NotSupportedException("nobody else can write to it");

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class SqliteStore : JournalStore
    {
        private readonly TemporaryFolder _folder = new();

        private string Path => _folder.File("journal.db");

        public override async Task<IJournal> OpenAsync() => await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = Path });

        public override Task PutSnapshotAsync(string persistenceId, long sequenceNumber, byte[] snapshot, string manifest)
        {
            using var file = SqliteDatabase.Open(Path, create: false);
            file.Execute($"DELETE FROM snapshot WHERE persistence_id = '{persistenceId}'");
            file.Execute(
                "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest) "
                + $"VALUES ('{persistenceId}', {sequenceNumber}, 0, x'{Convert.ToHexString(snapshot)}', '{manifest}')");
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class PostgresStore : JournalStore
    {
        private readonly PostgresJournalOptions _options = new() { ConnectionString = PostgresServer.Shared.CreateDatabase(), MayMigrate = true };

        public override async Task<IJournal> OpenAsync() => await PostgresJournalConformanceTests.OpenAsync(_options);

        public override async Task PutSnapshotAsync(string persistenceId, long sequenceNumber, byte[] snapshot, string manifest)
        {
            await using var connection = new NpgsqlConnection(_options.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            const string sql = "UPDATE snapshot SET sequence_number = $2, snapshot = $3, manifest = $4 WHERE persistence_id = $1";
            await using var command = new NpgsqlCommand(sql, connection)
            {
                Parameters = { new() { Value = persistenceId }, new() { Value = sequenceNumber }, new() { Value = snapshot }, new() { Value = manifest } },
            };
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
