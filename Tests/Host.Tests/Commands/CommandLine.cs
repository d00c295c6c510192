using Mcptt.Host.Commands;

namespace Mcptt.Host.Tests.Commands;

/// <summary>Runs the program's entry with captured output.</summary>
internal static class CommandLine
{
    // A server that should not have started is stopped then, and its exit code shows it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<Ran> RunAsync(IReadOnlyList<string> args, string input = "", IReadOnlyDictionary<string, string>? environment = null, bool terminal = false)
    {
        using var stop = new CancellationTokenSource(Patience);
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var context = new CommandContext
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            In = new StringReader(input),
            Environment = environment ?? new Dictionary<string, string>(),
            Stop = stop.Token,
            InIsTerminal = terminal,
            OutIsTerminal = terminal,
        };
        var code = await McpttCommandLine.RunAsync(args, context);
        return new Ran(code, output.ToString(), error.ToString());
    }
}

internal sealed record Ran(int Code, string Out, string Error);
