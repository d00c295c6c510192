using Mcptt.Host.Commands;

namespace Mcptt.Host.Tests.Commands;

/// <summary>Runs the program's entry with captured output.</summary>
internal static class CommandLine
{
    public static async Task<Ran> RunAsync(IReadOnlyList<string> args, string input = "", IReadOnlyDictionary<string, string>? environment = null, CancellationToken stop = default)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var context = new CommandContext
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            In = new StringReader(input),
            Environment = environment ?? new Dictionary<string, string>(),
            Stop = stop,
        };
        var code = await McpttCommandLine.RunAsync(args, context);
        return new Ran(code, output.ToString(), error.ToString());
    }
}

internal sealed record Ran(int Code, string Out, string Error);
