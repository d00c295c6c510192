using System.Globalization;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Mcptt.Actors.Akka.Serialization;

namespace Mcptt.Actors.Akka;

/// <summary>The configuration of the actor system: the site's HOCON, before what the options say, before what Akka.NET comes with.</summary>
internal static class AkkaConfiguration
{
    /// <summary>What Akka logs goes where the server logs.</summary>
    public static string Logging { get; } =
        $$"""
        akka {
          loggers = ["{{Name(typeof(AkkaLog))}}"]
          logger-startup-timeout = 30s
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
        }
        """;

    /// <summary>Throws <see cref="ConfigurationException"/> with what is wrong in the site's HOCON.</summary>
    public static Config Of(AkkaOptions options, EngineOptions engine)
    {
        var own = ConfigurationFactory.ParseString(Text(options, engine))
            .WithFallback(ConfigurationFactory.ParseString(Logging))
            .WithFallback(ConfigurationFactory.ParseString(AkkaSerialization.Hocon))
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingletonManager.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig());
        return options.Hocon.Length == 0 ? own : ConfigurationFactory.ParseString(options.Hocon).WithFallback(own);
    }

    /// <summary>
    /// A process that stood still for longer does not speak for its shards any more: others may have taken them. They need at least a heartbeat pause and stable-after for it,
    /// as the site's own HOCON may have changed them.
    /// </summary>
    public static TimeSpan LongestPause(Config config) =>
        config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause") + config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after");

    public static IReadOnlyList<string> Roles(AkkaOptions options) =>
    [
        .. options.Roles,
        .. options.ExtraRoles,
        AkkaRoles.NamePrefix + options.NodeName,
        AkkaRoles.ShardsPrefix + options.Shards.ToString(CultureInfo.InvariantCulture),
        AkkaRoles.RunPrefix + options.Run,
        .. options.Site.Length > 0 ? [AkkaRoles.SitePrefix + options.Site] : Array.Empty<string>(),
        .. options.Started != default ? [AkkaRoles.StartedPrefix + options.Started.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
    ];

    // Each shard drains for at most two drain times (ActorShard), all at once; then the member leaves.
    private static string Text(AkkaOptions options, EngineOptions engine) =>
        $$"""
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp {
            hostname = {{Text(options.Host)}}
            port = {{options.Port.ToString(CultureInfo.InvariantCulture)}}
            maximum-frame-size = {{options.MaxFrameBytes.ToString(CultureInfo.InvariantCulture)}}b
            send-buffer-size = {{options.MaxFrameBytes.ToString(CultureInfo.InvariantCulture)}}b
            receive-buffer-size = {{options.MaxFrameBytes.ToString(CultureInfo.InvariantCulture)}}b
          }
          cluster {
            roles = [{{string.Join(", ", Roles(options).Select(Text))}}]
            app-version = {{Text(options.Version.Length > 0 ? options.Version : "0.0.0")}}
            failure-detector {
              heartbeat-interval = {{Time(options.HeartbeatInterval)}}
              acceptable-heartbeat-pause = {{Time(options.HeartbeatPause)}}
            }
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            down-removal-margin = {{Time(options.RemovalMargin)}}
            split-brain-resolver {
              active-strategy = keep-majority
              stable-after = {{Time(options.StableAfter)}}
            }
            sharding {
              state-store-mode = ddata
              remember-entities = off
              passivate-idle-entity-after = off
              rebalance-interval = {{Time(options.RebalanceInterval)}}
              handoff-timeout = {{Time((engine.DrainTime * 2) + TimeSpan.FromSeconds(10))}}
              distributed-data.durable.keys = []
            }
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
            phases.cluster-sharding-shutdown-region.timeout = {{Time((engine.DrainTime * 2) + TimeSpan.FromSeconds(5))}}
          }
        }
        """;

    private static string Text(string value) => '"' + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private static string Time(TimeSpan value) => value.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) + "ms";

    private static string Name(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
