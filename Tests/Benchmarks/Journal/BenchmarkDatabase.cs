using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Benchmarks.Journal.Bare;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Journal;

/// <summary>Databases of the benchmark's own, of one make.</summary>
internal abstract class BenchmarkDatabase : IDisposable
{
    public abstract string Name { get; }

    /// <summary>As asked for by arguments: sqlite, postgres; none: both.</summary>
    public static IEnumerable<BenchmarkDatabase> Of(string[] args)
    {
        if (args.Contains("sqlite") || !args.Contains("postgres"))
        {
            yield return new Sqlite();
        }

        if (args.Contains("postgres") || !args.Contains("sqlite"))
        {
            yield return new Postgres();
        }
    }

    /// <summary>A journal over a fresh database; what is put in stays until <see cref="IDisposable.Dispose"/>.</summary>
    /// <param name="name">The same name again: the same database.</param>
    public abstract Task<IJournal> OpenAsync(string name);

    /// <summary>Each over a fresh database of its own.</summary>
    public abstract IReadOnlyList<IBareWriter> OpenBare(string name);

    /// <summary>The bytes of one actor's events, by the database's own client.</summary>
    public abstract long ReadBare(string name, string persistenceId);

    public abstract void Dispose();

    private sealed class Sqlite : BenchmarkDatabase
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcptt-benchmark-");

        public override string Name => "SQLite";

        public override async Task<IJournal> OpenAsync(string name)
        {
            var journal = new SqliteJournal(Options(name), NullLogger<SqliteJournal>.Instance);
            await journal.OpenAsync(CancellationToken.None);
            return journal;
        }

        public override IReadOnlyList<IBareWriter> OpenBare(string name) => [new BareSqlite(Options(name + "-bare"))];

        public override long ReadBare(string name, string persistenceId)
        {
            using var database = SqliteDatabase.Open(Options(name).Path, create: false);
            using var rows = database.Prepare("SELECT message FROM journal WHERE persistence_id = ?1 ORDER BY sequence_number");
            rows.Bind(1, persistenceId);
            var bytes = 0L;
            while (rows.Step())
            {
                bytes += rows.Bytes(0).Length;
            }

            return bytes;
        }

        public override void Dispose() => _folder.Delete(recursive: true);

        private SqliteJournalOptions Options(string name) => new() { Path = Path.Combine(_folder.FullName, $"{name}.db") };
    }

    private sealed class Postgres : BenchmarkDatabase
    {
        private readonly PostgresServer _server = PostgresServer.Create();
        private readonly Dictionary<string, string> _databases = [];

        public override string Name => "PostgreSQL";

        public override async Task<IJournal> OpenAsync(string name)
        {
            var options = new PostgresJournalOptions { ConnectionString = DatabaseOf(name), MayMigrate = true };
            var journal = new PostgresJournal(options, NullLogger<PostgresJournal>.Instance, TimeProvider.System);
            await journal.OpenAsync(CancellationToken.None);
            return journal;
        }

        public override IReadOnlyList<IBareWriter> OpenBare(string name) => [new BareArrays(DatabaseOf(name + "-arrays")), new BareCopy(DatabaseOf(name + "-copy"))];

        public override long ReadBare(string name, string persistenceId)
        {
            using var connection = new Npgsql.NpgsqlConnection(DatabaseOf(name));
            connection.Open();
            using var command = new Npgsql.NpgsqlCommand("SELECT message FROM journal WHERE persistence_id = $1 ORDER BY sequence_number", connection)
            {
                Parameters = { new() { Value = persistenceId } },
            };
            using var rows = command.ExecuteReader();
            var bytes = 0L;
            while (rows.Read())
            {
                bytes += rows.GetFieldValue<byte[]>(0).Length;
            }

            return bytes;
        }

        public override void Dispose() => _server.Dispose();

        private string DatabaseOf(string name) =>
            _databases.TryGetValue(name, out var database) ? database : _databases[name] = _server.CreateDatabase();
    }
}
