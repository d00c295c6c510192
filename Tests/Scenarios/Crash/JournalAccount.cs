using System.Data.Common;
using Mcptt.Protocol.Messages;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Mcptt.Scenarios.Crash;

/// <summary>What stands in a journal, read by plain SQL: which command wrote which events.</summary>
internal sealed class JournalAccount
{
    private readonly Dictionary<string, List<EventEnvelope>> _byCommand = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Actor, string Command), List<EventEnvelope>> _byActor = [];

    private JournalAccount()
    {
    }

    public int Events { get; private set; }

    public IReadOnlyCollection<string> Commands => _byCommand.Keys;

    /// <summary>Events of all floors and calls in the order in which they were written.</summary>
    public IEnumerable<FloorEvent> FloorEvents => _byActor.Where(pair => pair.Key.Actor.StartsWith("floor-", StringComparison.Ordinal)).SelectMany(pair => pair.Value).Select(envelope => envelope.Event.Floor);

    public IEnumerable<CallEvent> CallEvents => _byActor.Where(pair => pair.Key.Actor.StartsWith("call-", StringComparison.Ordinal)).SelectMany(pair => pair.Value).Select(envelope => envelope.Event.Call);

    /// <summary>Commands of which an actor wrote some of the events twice or not at all.</summary>
    public IReadOnlyList<string> Doubled => [.. _byActor.Where(pair => !IsOnce(pair.Value)).Select(pair => $"{pair.Key.Actor} {pair.Key.Command}")];

    public static JournalAccount Read(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        return Read(connection);
    }

    public static JournalAccount ReadPostgres(string connectionString)
    {
        using var connection = new NpgsqlConnection($"{connectionString};Pooling=False");
        return Read(connection);
    }

    private static JournalAccount Read(DbConnection connection)
    {
        var account = new JournalAccount();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, sequence_number, message FROM journal ORDER BY persistence_id, sequence_number";
        using var rows = command.ExecuteReader();
        var last = ("", 0L);
        while (rows.Read())
        {
            var row = (rows.GetString(0), rows.GetInt64(1));
            Assert.Equal(row.Item1 == last.Item1 ? last.Item2 + 1 : 1, row.Item2);
            last = row;
            account.Add(row.Item1, EventEnvelope.Parser.ParseFrom(rows.GetFieldValue<byte[]>(2)));
        }

        return account;
    }

    /// <summary>The youngest events, each with its actor and command.</summary>
    public IEnumerable<string> LastWritten(int count) =>
        _byActor
            .SelectMany(pair => pair.Value.Select(envelope => (envelope.Event.TimeUs, Text: $"{pair.Key.Actor} by {pair.Key.Command}: {envelope.Event}")))
            .OrderBy(written => written.TimeUs)
            .TakeLast(count)
            .Select(written => written.Text);

    /// <summary>The events of a command are complete and there once: index 0 to count - 1.</summary>
    public bool HasOnce(string commandId) => _byCommand.TryGetValue(commandId, out var events) && IsOnce(events);

    public bool Has(string commandId) => _byCommand.ContainsKey(commandId);

    private static bool IsOnce(List<EventEnvelope> events) => events.Select(envelope => (int)envelope.Index).SequenceEqual(Enumerable.Range(0, (int)events[0].Count));

    private void Add(string actor, EventEnvelope envelope)
    {
        Events++;
        if (!_byCommand.TryGetValue(envelope.CommandId, out var events))
        {
            _byCommand[envelope.CommandId] = events = [];
        }

        events.Add(envelope);
        if (!_byActor.TryGetValue((actor, envelope.CommandId), out var own))
        {
            _byActor[(actor, envelope.CommandId)] = own = [];
        }

        own.Add(envelope);
    }
}
