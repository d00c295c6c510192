using System.Diagnostics.Metrics;
using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

public sealed record PostgresJournalOptions
{
    // How long one of several hosts that was away is not asked again.
    private const int HostRecheckSeconds = 1;

    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>As Npgsql takes it: Host=db1,db2;Database=mcptt;Username=mcptt. Of several hosts the one that may be written to is used.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Where it is given, it counts instead of the connection string's.</summary>
    public string Password { get; init; } = "";

    /// <summary>Missing or older tables are made or changed by <see cref="IJournal.OpenAsync"/>; otherwise it refuses and says what to run.</summary>
    public bool MayMigrate { get; init; }

    /// <summary>Which other servers may write at the same time.</summary>
    public JournalWriters Writers { get; init; }

    /// <summary>How long a start waits for another server to let go of the journal: one that was killed and is started again at once must not meet its own shadow.</summary>
    public TimeSpan OccupiedPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Appends and notes that may wait for the writer; beyond it callers are answered "overloaded".</summary>
    public int QueueLimit { get; init; } = 16_384;

    /// <summary>Appends and notes in one transaction; the rest waits for the next one.</summary>
    public int BatchLimit { get; init; } = 1_024;

    /// <summary>Connections that read at once; further readers wait. One more connection writes.</summary>
    public int ReaderLimit { get; init; } = 8;

    /// <summary>How long the server may take to let a connection in.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a batch may take; then it has failed and its connection is given up.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one page may take to be read.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After a failure nothing is tried for this time, doubled with each further failure up to <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often an idle writer asks the server whether it is there.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An append that comes alone is written by its caller: while the server stands still, one thread of the pool waits for <see cref="WriteTimeout"/>, once.</summary>
    public bool CallerMayWrite { get; init; } = true;

    /// <summary>How a session with the database is opened, for whatever: with the password, and of several hosts at the one that may be written to.</summary>
    public NpgsqlConnectionStringBuilder Session()
    {
        var text = new NpgsqlConnectionStringBuilder(ConnectionString) { Enlist = false, HostRecheckSeconds = HostRecheckSeconds };
        if (Password.Length > 0)
        {
            text.Password = Password;
        }

        if (text.Host?.Contains(',', StringComparison.Ordinal) == true && text.TargetSessionAttributes is null)
        {
            text.TargetSessionAttributes = "read-write";
        }

        return text;
    }

    /// <summary>The journal's name in messages: where it is, without any secret.</summary>
    public string Name
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
            var hosts = string.Join(',', (parts.Host ?? "").Split(',').Select(host => host.Contains(':', StringComparison.Ordinal) || host.StartsWith('/') ? host : $"{host}:{parts.Port}"));
            return $"{parts.Database ?? parts.Username} at {hosts}";
        }
    }

    /// <summary>The record's own would print the password.</summary>
    public override string ToString() => Name;
}
