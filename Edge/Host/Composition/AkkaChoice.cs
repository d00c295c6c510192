using Mcptt.Actors;
using Mcptt.Actors.Journals;
#if WITH_AKKA
using Mcptt.Actors.Akka;
using Mcptt.Actors.Akka.Streams;
using Mcptt.Host.Commands;
#endif
using Mcptt.Domain.Ports;
using Mcptt.Host.Configuration;
using Mcptt.Media;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>The Akka.NET engine, where it is built in: its packages are not everywhere, so a build has it only when asked (-p:WithAkka=true).</summary>
internal static class AkkaChoice
{
#if WITH_AKKA
    public static bool IsBuiltIn => true;

    public static IEngine Create(ServerOptions options, ActorKinds kinds, IJournal journal, EngineOptions engine, TimeProvider time, ILoggerFactory loggers) =>
        new AkkaEngine(
            kinds,
            journal,
            new AkkaOptions
            {
                NodeName = options.NodeName,
                SystemName = options.Akka.System,
                Host = options.Akka.Host,
                Port = options.Akka.Port,
                SeedNodes = options.Akka.SeedNodes,
                Roles = options.Roles,
                ExtraRoles = options.Akka.Roles,
                Hocon = Hocon(options.Akka.Hocon),
                Shards = options.Cluster.Shards,
                Site = options.Cluster.Site,
                CommandDeadline = options.Limits.CommandDeadline,
                Version = McpttCommandLine.Version,
            },
            engine,
            time,
            loggers);

    /// <summary>Which nodes there are; null: the engine is another one.</summary>
    public static INodeDirectory? Directory(IEngine engine) => engine is AkkaEngine akka ? new AkkaDirectory(akka) : null;

    /// <summary>Null: received packets are forwarded by the receive loop itself.</summary>
    public static IRtpPipeline? Pipeline(ServerOptions options, ILoggerFactory loggers) =>
        options.Media.Pipeline == MediaSettings.AkkaStreams ? new AkkaStreamsPipeline(loggers) : null;

    private static string Hocon(string path)
    {
        if (path.Length == 0)
        {
            return "";
        }

        try
        {
            var text = File.ReadAllText(path);
            return AkkaHocon.TryParse(text, out var problem) ? text : throw new StartupException($"{path} is no HOCON: {problem} (akka.hocon)");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be read: {failure.Message} (akka.hocon)", failure);
        }
    }
#else
    public static bool IsBuiltIn => false;

    // The configuration was refused before.
    public static IEngine Create(ServerOptions options, ActorKinds kinds, IJournal journal, EngineOptions engine, TimeProvider time, ILoggerFactory loggers) =>
        throw new StartupException($"engine.kind \"{options.Engine}\" is not built into this program");

    public static INodeDirectory? Directory(IEngine engine) => null;

    public static IRtpPipeline? Pipeline(ServerOptions options, ILoggerFactory loggers) =>
        options.Media.Pipeline == MediaSettings.Direct ? null : throw new StartupException($"media.pipeline \"{options.Media.Pipeline}\" is not built into this program");
#endif
}
