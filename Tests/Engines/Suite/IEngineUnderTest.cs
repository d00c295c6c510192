using Mcptt.Actors;
using Mcptt.Actors.Tests.Ledger;

namespace Mcptt.Engines.Suite;

/// <summary>An engine as its suite sees it: nodes with ledgers over one journal and one world that outlive them.</summary>
internal interface IEngineUnderTest : IAsyncDisposable
{
    /// <summary>Of all nodes; it does to appends what a test asks for.</summary>
    FaultyJournal Journal { get; }

    World World { get; }

    /// <summary>Ends when the node serves. A node of a name that was there before is its next life.</summary>
    Task<IEngine> StartAsync(string node, EngineOptions options);

    /// <summary>The node is gone, and nothing of what it was doing is finished.</summary>
    Task CrashAsync(string node);
}

/// <summary>An engine that spreads actors over nodes.</summary>
internal interface IClusterUnderTest : IEngineUnderTest
{
    /// <summary>A member that serves callers and runs no actors.</summary>
    Task<IEngine> StartCallerAsync();

    /// <summary>Until the actors are spread evenly over these nodes and no others.</summary>
    Task SettleAsync(params string[] nodes);

    Task LeaveAsync(string node);

    /// <summary>What an operator does before he works on a node.</summary>
    Task DrainAsync(string node, bool draining);
}
