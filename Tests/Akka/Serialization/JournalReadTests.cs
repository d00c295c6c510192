using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using Mcptt.Actors.Akka.Serialization;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Actors.Tests.Ledger;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;
using Mcptt.Testing.Postgres;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mcptt.Actors.Akka.Tests.Serialization;

/// <summary>An Akka application reads what the server wrote, by the columns of Akka.Persistence.Sql's default mapping and Akka's own serialization.</summary>
public sealed class JournalReadTests() : TestKit(AkkaSerialization.Hocon)
{
    private static readonly ActorAddress Alice = ActorAddresses.Ue("sip:alice@example.org");

    [Fact]
    public async Task An_Akka_actor_reads_a_persistence_id_of_a_SQLite_journal()
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-akka-");
        try
        {
            var path = Path.Combine(folder.FullName, "journal.db");
            await WriteAsync(new SqliteJournal(new SqliteJournalOptions { Path = path, MayMigrate = true }, NullLogger<SqliteJournal>.Instance));
            await ReadAsync(() => new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [RequiresPostgresFact]
    public async Task An_Akka_actor_reads_a_persistence_id_of_a_PostgreSQL_journal()
    {
        var database = PostgresServer.Shared.CreateDatabase();
        await WriteAsync(new PostgresJournal(new PostgresJournalOptions { ConnectionString = database, MayMigrate = true }, NullLogger<PostgresJournal>.Instance, TimeProvider.System));
        await ReadAsync(() => new NpgsqlConnection(database));
    }

    private static async Task WriteAsync(IJournal journal)
    {
        await using (journal)
        await using (var engine = new LocalEngine(new ActorKinds().Add(new LedgerKind()), journal, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance))
        {
            await engine.StartAsync(CancellationToken.None);
            foreach (var word in (string[])["one", "two", "three"])
            {
                Assert.NotNull((await engine.SendAsync(LedgerKind.Say(Alice, word, word), CancellationToken.None)).Accepted);
            }

            await engine.StopAsync(CancellationToken.None);
        }
    }

    private async Task ReadAsync(Func<System.Data.Common.DbConnection> open)
    {
        var reader = Sys.ActorOf(Props.Create(() => new EventsOf(open)));
        reader.Tell(new EventsOf.Read(Alice.PersistenceId()), TestActor);
        for (var number = 1; number <= 3; number++)
        {
            var stored = await ExpectMsgAsync<IPersistentRepresentation>(TimeSpan.FromSeconds(60));
            Assert.Equal((number, Alice.PersistenceId(), JournalFormat.EventManifest), (stored.SequenceNr, stored.PersistenceId, stored.Manifest));
            var envelope = Assert.IsType<EventEnvelope>(stored.Payload);
            Assert.Equal(((string[])["one", "two", "three"])[number - 1], envelope.Event.Ue.AffiliationsPublished.GroupIds[0]);
        }

        await ExpectMsgAsync<EventsOf.End>(TimeSpan.FromSeconds(60));
    }

    /// <summary>Reads one persistence id as Akka.Persistence.Sql does: rows that are not deleted, in their order, each payload by `identifier` and `manifest`.</summary>
    private sealed class EventsOf : ReceiveActor
    {
        public EventsOf(Func<System.Data.Common.DbConnection> open) =>
            ReceiveAsync<Read>(async read =>
            {
                await using var connection = open();
                await connection.OpenAsync();
                await using var select = connection.CreateCommand();
                select.CommandText = """
                    SELECT sequence_number, message, identifier, manifest, writer_uuid, created FROM journal
                    WHERE persistence_id = @id AND NOT deleted ORDER BY sequence_number
                    """;
                var parameter = select.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ("id", read.PersistenceId);
                select.Parameters.Add(parameter);
                await using var rows = await select.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                {
                    var manifest = rows.GetString(3);
                    var payload = Context.System.Serialization.Deserialize((byte[])rows.GetValue(1), rows.GetInt32(2), manifest);
                    Sender.Tell(new Persistent(payload, rows.GetInt64(0), read.PersistenceId, manifest, isDeleted: false, ActorRefs.NoSender, rows.GetString(4), rows.GetInt64(5)));
                }

                Sender.Tell(new End());
            });

        public sealed record Read(string PersistenceId);

        public sealed record End;
    }
}
