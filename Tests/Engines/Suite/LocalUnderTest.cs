using Mcptt.Actors;
using Mcptt.Actors.Journals;
using Mcptt.Actors.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Engines.Suite;

internal sealed class LocalUnderTest : IEngineUnderTest
{
    private LocalEngine? _engine;

    public FaultyJournal Journal { get; } = new(new InMemoryJournal());

    public World World { get; } = new();

    public async Task<IEngine> StartAsync(string node, EngineOptions options)
    {
        Assert.Null(_engine);
        _engine = new LocalEngine(new ActorKinds().Add(new LedgerKind()), Journal, options, TimeProvider.System, NullLoggerFactory.Instance);
        _engine.Attach(World, World);
        await _engine.StartAsync(CancellationToken.None);
        return _engine;
    }

    public async Task CrashAsync(string node)
    {
        await _engine!.DisposeAsync();
        _engine = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }
}

public sealed class LocalEngineSuiteTests() : EngineSuite(new LocalUnderTest());
