using Mcptt.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Mcptt.Host.Composition;

/// <summary>Logs go to stderr, in one line of text or as JSON each; stdout belongs to what a command was asked for.</summary>
internal static class LogSetup
{
    // Entries that wait for a slow terminal or pipe; beyond it they are dropped and counted, so that logging never stops a call.
    private const int QueueLength = 10_000;
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static ILoggerFactory Create(ServerOptions options) =>
        LoggerFactory.Create(logging =>
        {
            var least = Enum.Parse<LogLevel>(options.LogLevel, ignoreCase: true);
            logging.SetMinimumLevel(least);

            // Of what is traced, so that the lines of one request are found in every node's log.
            logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);

            // The web server's own chatter is of use only to who looks for it.
            logging.AddFilter("Microsoft", least == LogLevel.Trace ? least : LogLevel.Warning);
            logging.AddConsole(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                console.MaxQueueLength = QueueLength;
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = Timestamp;
                text.UseUtcTimestamp = true;
            });
            logging.AddJsonConsole(json =>
            {
                json.TimestampFormat = Timestamp.TrimEnd();
                json.UseUtcTimestamp = true;
                json.IncludeScopes = true;
            });

            // Each of the two lines above makes its own format the one in use.
            logging.Services.Configure<ConsoleLoggerOptions>(console =>
                console.FormatterName = options.LogFormat == LogNames.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple
            );
        });
}
