using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Journals.Postgres;
using Mcptt.Benchmarks.Journal;
using Mcptt.Domain.Ports;
using Mcptt.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Benchmarks.Engine;

/// <summary>An engine that serves, and the processes in which it runs besides this one and the database.</summary>
internal abstract class EngineSetup : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract ICommandSink Sink { get; }

    public abstract IReadOnlyList<int> Processes { get; }

    public abstract ValueTask DisposeAsync();
}

internal sealed class LocalSetup(IJournal journal, LocalEngine engine) : EngineSetup
{
    public override string Name => "Local";

    public override ICommandSink Sink => engine;

    public override IReadOnlyList<int> Processes => [];

    public static async Task<LocalSetup> StartAsync(PostgresServer server)
    {
        var journal = EngineNode.OpenJournal(server.CreateDatabase(), JournalWriters.One);
        var engine = new LocalEngine(
            new ActorKinds().Add(new TickKind()), journal, new EngineOptions { CommandDeadline = TimeSpan.FromSeconds(60) }, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        return new LocalSetup(journal, engine);
    }

    public override async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await journal.DisposeAsync();
    }
}
