using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Journals;
using Mcptt.Actors.Tests.Stores;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;
using Mcptt.Testing.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>A sealed journal with tags, snapshots and live marks, which a test then changes by SQL, as somebody with the database would.</summary>
internal sealed class ProvenJournal : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly string? _connectionString;

    private ProvenJournal(TestedJournal kind) =>
        _connectionString = kind == TestedJournal.Postgres ? PostgresServer.Shared.CreateDatabase() : null;

    public SealKey Key { get; } = SealKey.Create();

    /// <summary>The rows as they were written, by ordering.</summary>
    public IReadOnlyList<StoredEvent> Rows { get; private set; } = [];

    public string Receipts => _folder.File("receipts.txt");

    public string Path => _folder.File("journal.db");

    private PostgresJournalOptions Postgres => new() { ConnectionString = _connectionString ?? "", MayMigrate = true };

    /// <param name="sealedEvents">Under seals of about <paramref name="sealEvery"/> events each.</param>
    /// <param name="tail">Events after the last seal.</param>
    public static async Task<ProvenJournal> CreateAsync(TestedJournal kind, Random random, int sealedEvents = 300, int sealEvery = 60, int tail = 40)
    {
        var proven = new ProvenJournal(kind);
        await using var journal = await proven.OpenAsync();
        var history = new RandomHistory(journal, random);
        var sealer = new Sealer(journal, proven.Key, new SealerOptions(), proven._clock, "fedcba9876543210");
        var receipts = new SealReceiptFile(proven.Receipts);
        for (var written = 0; written < sealedEvents; written += sealEvery)
        {
            await history.WriteAsync(sealEvery);
            proven._clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(SealOutcome.Sealed, await sealer.SealAsync(default));
        }

        await foreach (var stored in journal.ReadActorAsync(SealLimits.PersistenceId, 1, default))
        {
            await receipts.AppendAsync([SealReceipt.Of(Seal(stored))], default);
        }

        await history.WriteAsync(tail);
        await proven.SnapshotAsync(journal);
        proven.Rows = await journal.ReadAllAsync(0, default).ToListAsync();
        return proven;
    }

    public static SealEvent Seal(in StoredEvent stored) =>
        SealRecord.TryRead(stored, out var envelope) ? envelope.Event.Seal : throw new InvalidOperationException("no seal");

    public async Task<IJournal> OpenAsync() =>
        _connectionString is null ? await SqliteJournalTests.OpenAsync(new SqliteJournalOptions { Path = Path }) : await PostgresJournalConformanceTests.OpenAsync(Postgres);

    /// <summary>With the key and without receipts unless the options say else.</summary>
    public async Task<VerifyReport> VerifyAsync(VerifyOptions? options = null)
    {
        options ??= new VerifyOptions { Keys = [Key.Public] };
        if (_connectionString is null)
        {
            using var sqlite = SqliteJournalReader.Open(new SqliteJournalOptions { Path = Path });
            return await new JournalVerifier(sqlite, sqlite, options).VerifyAsync(null, default);
        }

        using var postgres = await PostgresJournalReader.OpenAsync(Postgres, default);
        return await new JournalVerifier(postgres, postgres, options).VerifyAsync(null, default);
    }

    /// <summary>Each statement must change something.</summary>
    public async Task ExecuteAsync(params string[] statements)
    {
        foreach (var sql in statements)
        {
            if (_connectionString is null)
            {
                using var file = SqliteDatabase.Open(Path, create: false);
                file.Execute(sql);
                Assert.True(file.Number("SELECT total_changes()") > 0, sql);
                continue;
            }

            await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            Assert.True(await command.ExecuteNonQueryAsync() > 0, sql);
        }
    }

    public string Blob(byte[] octets) => _connectionString is null ? $"x'{Convert.ToHexString(octets)}'" : $"'\\x{Convert.ToHexString(octets)}'::bytea";

    public string Flag(bool value) => _connectionString is null ? (value ? "1" : "0") : (value ? "true" : "false");

    /// <summary>A row of no seal with rows of its chain before and after it, under the same seal or under none.</summary>
    public StoredEvent Middle(bool isSealed, Random random)
    {
        var lastSeal = Rows.Last(row => row.PersistenceId == SealLimits.PersistenceId);
        var candidates = Rows.Where(row => row.PersistenceId != SealLimits.PersistenceId && row.Ordering < lastSeal.Ordering == isSealed
            && row.SequenceNumber > 1 && Rows.Any(other => other.PersistenceId == row.PersistenceId && other.SequenceNumber > row.SequenceNumber)).ToList();
        return candidates[random.Next(candidates.Count)];
    }

    public Task PutMessageAsync(in StoredEvent row, byte[] message) => ExecuteAsync($"UPDATE journal SET message = {Blob(message)} WHERE ordering = {row.Ordering}");

    public async ValueTask DisposeAsync()
    {
        Key.Dispose();
        _folder.Dispose();
        await ValueTask.CompletedTask;
    }

    private async Task SnapshotAsync(IJournal journal)
    {
        foreach (var id in await journal.ReadPersistenceIdsAsync("ue-", "", default).ToListAsync())
        {
            var last = (await journal.ReadActorAsync(id, 1, default).ToListAsync())[^1];
            Assert.True(journal.TryPost(new SnapshotNote(id, last.SequenceNumber, [1, 2, 3], last.Created)));
        }

        await journal.FlushAsync();
    }
}
