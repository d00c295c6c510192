using Mcptt.Actors.Shards;
using Npgsql;
using NpgsqlTypes;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>
/// What goes to the server in one round trip and one transaction: each table's rows as arrays, a column each. Within it no two entries touch the same
/// row, because one statement cannot change a row twice.
/// </summary>
internal sealed class PostgresBatch : IDisposable
{
    private readonly List<JournalEntry> _entries = [];
    private readonly List<string> _ids = [];
    private readonly List<long> _sequenceNumbers = [];
    private readonly List<long> _created = [];
    private readonly List<byte[]> _messages = [];
    private readonly List<string> _writers = [];
    private readonly List<int> _entryOfRow = [];
    private readonly List<int> _tagRows = [];
    private readonly List<string> _tags = [];
    private readonly List<string> _tagIds = [];
    private readonly List<long> _tagSequenceNumbers = [];
    private readonly Dictionary<string, long> _lastNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LiveMark?> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SnapshotNote> _snapshots = new(StringComparer.Ordinal);
    private readonly NpgsqlBatch _batch = new();

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>False: it belongs into the next transaction, because it repeats numbers of an append in this one.</summary>
    public bool TryAdd(JournalEntry entry)
    {
        if (entry.Append is { } append && _lastNumbers.TryGetValue(append.PersistenceId, out var last) && append.Rows.Any(row => row.SequenceNumber <= last))
        {
            return false;
        }

        switch (entry)
        {
            case { Append: { } rows }:
                Add(rows);
                break;
            case { Note: LiveNote note }:
                _live[note.PersistenceId] = note.Mark;
                break;
            case { Note: SnapshotNote snapshot }:
                _snapshots[snapshot.PersistenceId] = snapshot;
                break;
        }

        _entries.Add(entry);
        return true;
    }

    public void Execute(NpgsqlConnection connection)
    {
        _batch.Connection = connection;
        _batch.BatchCommands.Clear();
        AddNoteCommands();
        AddRowCommands();
        if (_batch.BatchCommands.Count > 0)
        {
            _batch.ExecuteNonQuery();
        }
    }

    /// <summary>Positions in <see cref="Entries"/> of appends of which a number is taken by now.</summary>
    public HashSet<int> FindOccupied(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(PostgresStatements.Occupied, connection);
        command.Parameters.Add(Array(NpgsqlDbType.Text, _ids));
        command.Parameters.Add(Array(NpgsqlDbType.Bigint, _sequenceNumbers));
        command.Parameters.Add(Array(NpgsqlDbType.Integer, _entryOfRow));
        using var rows = command.ExecuteReader();
        var occupied = new HashSet<int>();
        while (rows.Read())
        {
            occupied.Add(rows.GetInt32(0));
        }

        return occupied;
    }

    public void Clear()
    {
        _entries.Clear();
        _ids.Clear();
        _sequenceNumbers.Clear();
        _created.Clear();
        _messages.Clear();
        _writers.Clear();
        _entryOfRow.Clear();
        _tagRows.Clear();
        _tags.Clear();
        _tagIds.Clear();
        _tagSequenceNumbers.Clear();
        _lastNumbers.Clear();
        _live.Clear();
        _snapshots.Clear();
    }

    public void Dispose() => _batch.Dispose();

    private void Add(JournalAppend append)
    {
        foreach (var row in append.Rows)
        {
            _ids.Add(append.PersistenceId);
            _sequenceNumbers.Add(row.SequenceNumber);
            _created.Add(append.Created.UtcTicks);
            _messages.Add(row.Message);
            _writers.Add(append.WriterUuid);
            _entryOfRow.Add(_entries.Count);
            foreach (var tag in row.Tags)
            {
                _tagRows.Add(_ids.Count);
                _tags.Add(tag);
                _tagIds.Add(append.PersistenceId);
                _tagSequenceNumbers.Add(row.SequenceNumber);
            }

            _lastNumbers[append.PersistenceId] = row.SequenceNumber;
        }

        // A note that came before is overtaken. Should this append turn out occupied, the note is lost, as notes may be.
        if (append.Live is { } mark)
        {
            _live[append.PersistenceId] = mark;
        }
    }

    private void AddRowCommands()
    {
        if (_ids.Count == 0)
        {
            return;
        }

        if (_ids.Count == 1)
        {
            Add(PostgresStatements.InsertRow, One(_ids[0]), One(_sequenceNumbers[0]), One(_created[0]), One(_messages[0]), One(_writers[0]), Array(NpgsqlDbType.Text, _tags));
            return;
        }

        Add(
            PostgresStatements.InsertRows,
            Array(NpgsqlDbType.Text, _ids),
            Array(NpgsqlDbType.Bigint, _sequenceNumbers),
            Array(NpgsqlDbType.Bigint, _created),
            Array(NpgsqlDbType.Bytea, _messages),
            Array(NpgsqlDbType.Text, _writers),
            Array(NpgsqlDbType.Integer, _tagRows),
            Array(NpgsqlDbType.Text, _tags),
            Array(NpgsqlDbType.Text, _tagIds),
            Array(NpgsqlDbType.Bigint, _tagSequenceNumbers));
    }

    private void AddNoteCommands()
    {
        AddMarks();
        if (_live.Values.Any(mark => mark is null))
        {
            Add(PostgresStatements.RemoveLive, Array(NpgsqlDbType.Text, _live.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList()));
        }

        if (_snapshots.Count > 0)
        {
            var snapshots = _snapshots.Values.OrderBy(note => note.PersistenceId, StringComparer.Ordinal).ToList();
            var ids = snapshots.ConvertAll(note => note.PersistenceId);
            var numbers = snapshots.ConvertAll(note => note.SequenceNumber);
            Add(
                PostgresStatements.PutSnapshots,
                Array(NpgsqlDbType.Text, ids),
                Array(NpgsqlDbType.Bigint, numbers),
                Array(NpgsqlDbType.Bigint, snapshots.ConvertAll(note => note.Created.UtcTicks)),
                Array(NpgsqlDbType.Bytea, snapshots.ConvertAll(note => note.Snapshot)));
            Add(PostgresStatements.RemoveOtherSnapshots, Array(NpgsqlDbType.Text, ids), Array(NpgsqlDbType.Bigint, numbers));
        }
    }

    private void AddMarks()
    {
        // In the order of their keys, so that two writers do not wait for each other.
        var marks = _live.Where(pair => pair.Value is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        switch (marks)
        {
            case []:
                break;
            case [{ Key: var id, Value: { } mark }]:
                Add(PostgresStatements.PutOneLive, One(id), One(mark.HandedOver), One(mark.DueUs), One((long)ShardKey.OfPersistenceId(id)));
                break;
            default:
                Add(
                    PostgresStatements.PutLive,
                    Array(NpgsqlDbType.Text, marks.ConvertAll(pair => pair.Key)),
                    Array(NpgsqlDbType.Bigint, marks.ConvertAll(pair => pair.Value.GetValueOrDefault().HandedOver)),
                    Array(NpgsqlDbType.Bigint, marks.ConvertAll(pair => pair.Value.GetValueOrDefault().DueUs)),
                    Array(NpgsqlDbType.Bigint, marks.ConvertAll(pair => (long)ShardKey.OfPersistenceId(pair.Key))));
                break;
        }
    }

    private void Add(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        _batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter One<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    private static NpgsqlParameter Array<T>(NpgsqlDbType element, List<T> values) =>
        new NpgsqlParameter<List<T>> { NpgsqlDbType = NpgsqlDbType.Array | element, TypedValue = values };
}
