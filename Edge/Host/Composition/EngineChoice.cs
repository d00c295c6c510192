using System.Diagnostics.Metrics;
using Mcptt.Actors;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Domain.Ports;
using Mcptt.Host.Commands;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>The one place that knows which engines there are.</summary>
internal static class EngineChoice
{
    public static IEngine Create(ServerOptions options, JournalLocation location, ActorKinds kinds, IJournal journal, IMeterFactory meters, TimeProvider time, ILoggerFactory loggers)
    {
        var engine = PartOptions.OfEngine(options) with { Meters = meters };
        return options.Engine switch
        {
            EngineNames.Postgresql => new PostgresEngine(kinds, journal, OfCluster(options, location), engine, ClusterCertificates.Load(options.Cluster, time, loggers), time, loggers),
            EngineNames.Akka => AkkaChoice.Create(options, kinds, journal, engine, time, loggers),
            _ => new LocalEngine(kinds, journal, engine, time, loggers),
        };
    }

    /// <summary>Which nodes there are, as the engine knows them.</summary>
    public static INodeDirectory Directory(IEngine engine, ServerOptions options, TimeProvider time) =>
        engine is PostgresEngine cluster ? new ClusterDirectory(cluster)
        : AkkaChoice.Directory(engine) ?? new SoleNodeDirectory(options.NodeName, options.Roles, McpttCommandLine.Version, time.GetUtcNow());

    private static ClusterOptions OfCluster(ServerOptions options, JournalLocation location) =>
        new()
        {
            ConnectionString = location.Session ?? throw new StartupException("engine.kind \"postgresql\" needs the journal in PostgreSQL (data.journal)"),
            NodeName = options.NodeName,
            Roles = options.Roles,
            Listener = options.Cluster.Listener,
            AdvertisedHost = options.Cluster.AdvertisedAddress,
            Shards = options.Cluster.Shards,
            Site = options.Cluster.Site,
            LeaseTime = options.Cluster.LeaseTime,
            CommandDeadline = options.Limits.CommandDeadline,
            Version = McpttCommandLine.Version,
        };
}
