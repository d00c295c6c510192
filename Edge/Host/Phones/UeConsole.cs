using Mcptt.Host.Commands;
using Mcptt.Ue.Script;

namespace Mcptt.Host.Phones;

/// <summary>Commands by hand: a fault is told and the next line is read; the end of input ends the client.</summary>
internal sealed class UeConsole(CommandContext context, ScriptRunner runner, EventPrinter screen)
{
    /// <summary>At a terminal a failure is only told; from a pipe the first one is the outcome.</summary>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        if (context.InIsTerminal)
        {
            screen.Say("type \"help\" for the commands, \"quit\" to end");
        }

        for (var number = 1; ; number++)
        {
            var line = await context.In.ReadLineAsync(cancellationToken);
            if (line is null || line.Trim() is "quit" or "exit")
            {
                return null;
            }

            if (await DoAsync(line, number, cancellationToken) is not { } failure)
            {
                continue;
            }

            if (!context.InIsTerminal)
            {
                return failure;
            }

            screen.Say(failure);
        }
    }

    private async Task<string?> DoAsync(string line, int number, CancellationToken cancellationToken)
    {
        if (line.Trim() is "help" or "?")
        {
            screen.Say(ScriptParser.Reference);
            return null;
        }

        if (!ScriptParser.TryParseLine(line, number, out var command, out var fault))
        {
            return fault;
        }

        return command is null ? null : await runner.RunAsync(command, cancellationToken);
    }
}
