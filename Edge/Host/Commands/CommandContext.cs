using Mcptt.Actors;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>What a command may use of the world around it; tests bring their own.</summary>
internal sealed record CommandContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Output goes to a person: colours and the width of the screen count.</summary>
    public bool OutIsTerminal { get; init; }

    public bool InIsTerminal { get; init; }

    /// <summary>Progress can be shown.</summary>
    public bool ErrorIsTerminal { get; init; }

    public TimeProvider Time { get; init; } = new SteadyTime(TimeProvider.System);

    /// <summary>SIGTERM and SIGINT, where they are meant for this command.</summary>
    public CancellationToken Stop { get; init; }

    public static CommandContext OfProcess(CancellationToken stop) =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            Environment = ConfigurationEnvironment.Process,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InIsTerminal = !Console.IsInputRedirected,
            Stop = stop,
        };
}
