using Microsoft.Extensions.Logging;

namespace Mcptt.Engines.Processes;

/// <summary>What a node says, on its output: a test that fails, or was slow, shows it.</summary>
internal sealed class PrintingLoggers : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {formatter(state, exception)}{(exception is null ? "" : $" {exception.GetBaseException().Message}")}");
        }
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
