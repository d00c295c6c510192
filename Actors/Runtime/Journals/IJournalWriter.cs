namespace Mcptt.Actors.Journals;

/// <summary>
/// One writing connection to a database. One thread at a time uses it. Whatever it throws means that entries which are not settled
/// have failed.
/// </summary>
internal interface IJournalWriter : IDisposable
{
    /// <summary>False after a failure: the connection may be the reason, the next batch gets a new one.</summary>
    bool IsUsable { get; }

    /// <summary>Writes a batch in its order and settles each entry, appends of which a number is taken as occupied.</summary>
    void Write(IReadOnlyList<JournalEntry> batch);

    /// <summary>Throws when the database cannot be written to.</summary>
    void Probe();
}
