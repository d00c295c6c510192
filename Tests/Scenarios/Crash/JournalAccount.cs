using Mcptt.Protocol.Messages;
using Microsoft.Data.Sqlite;

namespace Mcptt.Scenarios.Crash;

/// <summary>What stands in a journal file, read by plain SQL: which command wrote which events.</summary>
internal sealed class JournalAccount
{
    private readonly Dictionary<string, List<EventEnvelope>> _byCommand = new(StringComparer.Ordinal);

    private JournalAccount()
    {
    }

    public int Events { get; private set; }

    public IReadOnlyCollection<string> Commands => _byCommand.Keys;

    public static JournalAccount Read(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var account = new JournalAccount();
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
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
            account.Add(EventEnvelope.Parser.ParseFrom(rows.GetFieldValue<byte[]>(2)));
        }

        return account;
    }

    /// <summary>The events of a command are complete and there once: index 0 to count - 1.</summary>
    public bool HasOnce(string commandId) =>
        _byCommand.TryGetValue(commandId, out var events)
        && events.Select(envelope => (int)envelope.Index).SequenceEqual(Enumerable.Range(0, (int)events[0].Count));

    public bool Has(string commandId) => _byCommand.ContainsKey(commandId);

    private void Add(EventEnvelope envelope)
    {
        Events++;
        if (!_byCommand.TryGetValue(envelope.CommandId, out var events))
        {
            _byCommand[envelope.CommandId] = events = [];
        }

        events.Add(envelope);
    }
}
