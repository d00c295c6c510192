using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Mcptt.Actors.Akka;

/// <summary>What Akka.NET logs goes where the server logs.</summary>
internal sealed class AkkaLog : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILogger _logger = Context.System.Settings.Setup.Get<Target>().Value.Logger;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case LogEvent entry:
                _logger.Log(LevelOf(entry), entry.Cause, "{Source}: {Message}", entry.LogSource, entry.Message.ToString());
                break;
        }
    }

    private static LogLevel LevelOf(LogEvent entry) =>
        entry.LogLevel() switch
        {
            global::Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,

            // Akka.NET tells at this level of every association and every shard that moves.
            global::Akka.Event.LogLevel.InfoLevel => LogLevel.Debug,
            global::Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
            _ => LogLevel.Error,
        };

    /// <summary>Given to the actor system at its start.</summary>
    public sealed class Target(ILogger logger) : Setup
    {
        public ILogger Logger => logger;
    }
}
