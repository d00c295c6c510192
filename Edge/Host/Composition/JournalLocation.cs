using System.Diagnostics.Metrics;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>Which database the configuration means by data.journal, and what can be done with it.</summary>
internal abstract record JournalLocation
{
    /// <summary>For people; without any secret.</summary>
    public abstract string Name { get; }

    /// <summary>What an operator may have to correct when it cannot be opened.</summary>
    public abstract string Keys { get; }

    /// <summary>How a session with the database is opened, password included; null: the journal is a file.</summary>
    public virtual string? Session => null;

    /// <summary>Throws <see cref="StartupException"/> when the password cannot be read.</summary>
    public static JournalLocation Of(ServerOptions options) => Of(options.JournalPath, options);

    /// <param name="text">Instead of data.journal.</param>
    /// <param name="options">What else the configuration says of it.</param>
    public static JournalLocation Of(string text, ServerOptions options)
    {
        if (!PostgresAddress.IsMeant(text))
        {
            return new SqliteLocation(new SqliteJournalOptions { Path = text, MayMigrate = options.Migrate != MigrateNames.No });
        }

        return PostgresAddress.TryRead(text, out var connectionString, out var problem)
            ? new PostgresLocation(new PostgresJournalOptions
            {
                ConnectionString = connectionString,
                Password = JournalPassword.Read(options),
                MayMigrate = options.Migrate == MigrateNames.Yes,
            })
            : throw new StartupException($"the journal's address {problem}; write postgres://role@host:port/database (data.journal)");
    }

    /// <summary>Of a file: keeps a second server away from it. Throws <see cref="StartupException"/>.</summary>
    public abstract IDisposable? Lock();

    /// <param name="writers">Which other servers may write at the same time; a file is kept for one by <see cref="Lock"/>.</param>
    public abstract IJournal Create(ILoggerFactory loggers, TimeProvider time, JournalWriters writers = JournalWriters.Any, IMeterFactory? meters = null);

    /// <summary>Work that one of the servers which share this journal does.</summary>
    public virtual IJournalDuty Duty(JournalWork work) => SoleDuty.Instance;

    public abstract IJournalTables Tables();

    /// <summary>To look at it only. Throws <see cref="JournalOpenException"/>.</summary>
    public abstract ValueTask<(IJournalReader Reader, IDisposable Held)> OpenToReadAsync(CancellationToken cancellationToken);

    private sealed record SqliteLocation(SqliteJournalOptions Options) : JournalLocation
    {
        public override string Name => Path.GetFullPath(Options.Path);

        public override string Keys => "data.journal, data.folder";

        public override IDisposable Lock() => JournalLock.Take(Options.Path);

        public override IJournal Create(ILoggerFactory loggers, TimeProvider time, JournalWriters writers, IMeterFactory? meters) => new SqliteJournal(Options with { Meters = meters }, loggers.CreateLogger<SqliteJournal>());

        public override IJournalTables Tables() => new SqliteTables(Options);

        public override ValueTask<(IJournalReader Reader, IDisposable Held)> OpenToReadAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var journal = SqliteJournalReader.Open(Options);
            return new((journal, journal));
        }
    }

    private sealed record PostgresLocation(PostgresJournalOptions Options) : JournalLocation
    {
        public override string Name => $"PostgreSQL {Options.Name}";

        public override string Keys => "data.journal";

        public override string? Session => Options.Session().ConnectionString;

        public override IDisposable? Lock() => null;

        public override IJournalDuty Duty(JournalWork work) => new PostgresDuty(Options, work);

        public override IJournal Create(ILoggerFactory loggers, TimeProvider time, JournalWriters writers, IMeterFactory? meters) =>
            new PostgresJournal(Options with { Writers = writers, Meters = meters }, loggers.CreateLogger<PostgresJournal>(), time);

        public override IJournalTables Tables() => new PostgresTables(Options);

        public override async ValueTask<(IJournalReader Reader, IDisposable Held)> OpenToReadAsync(CancellationToken cancellationToken)
        {
            var journal = await PostgresJournalReader.OpenAsync(Options, cancellationToken);
            return (journal, journal);
        }
    }
}
