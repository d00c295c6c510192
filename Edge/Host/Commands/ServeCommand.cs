using System.CommandLine;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>mcptt serve</summary>
internal static class ServeCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("serve", "Run the server: SIP, floor control, voice, journal and management API in one process.");
        var flags = ConfigurationFlags.AddTo(command);
        var groups = new Option<string[]>("--groups") { Description = "File of groups to provision at start; may be repeated", HelpName = "FILE" };
        var users = new Option<string[]>("--users") { Description = "File of users to provision at start; may be repeated", HelpName = "FILE" };
        command.Options.Add(groups);
        command.Options.Add(users);
        command.SetAction(
            async (parsed, _) =>
            {
                var screen = new Screen(context);
                var loaded = flags.Load(parsed, context);
                var documents = StartDocuments.Read(parsed.GetValue(groups) ?? [], parsed.GetValue(users) ?? [], context.In);
                var valid = ConfigCommand.Report(loaded, context);
                foreach (var fault in documents.Faults)
                {
                    screen.Error(fault);
                }

                return valid && documents.Faults.Count == 0 ? await ServeAsync(loaded.Options, documents, context, screen) : ExitCodes.Usage;
            }
        );
        return command.WithExamples(
            "mcptt serve --open                                      a lab: no passwords, everybody is let in",
            "mcptt serve --users users.json --groups groups.json     provision at start",
            "mcptt serve --config /etc/mcptt/mcptt.json",
            "mcptt serve --engine postgresql --node n1 --set data.journal=postgres://mcptt@db1/mcptt      one of several nodes",
            "mcptt serve --set sip.listeners=udp:127.0.0.1:5070 --data /tmp/mcptt"
        );
    }

    private static async Task<int> ServeAsync(ServerOptions options, StartDocuments documents, CommandContext context, Screen screen)
    {
        using var loggers = LogSetup.Create(options);
        try
        {
            await using var server = await McpttServer.StartAsync(options, context.Time, loggers, context.Stop);
            await documents.ProvisionAsync(server, options, context);
            foreach (var line in Announcement.Lines(server, options))
            {
                screen.Line(line);
            }

            await UntilStoppedAsync(context.Stop);
            screen.Line("draining");
            await server.DrainAsync();
            screen.Line("stopped");
            return ExitCodes.Success;
        }
        catch (Exception failure) when (failure is StartupException or ApiRefusedException or ApiUnreachableException)
        {
            screen.Error(failure.Message);
            return ExitCodes.CannotStart;
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }

    private static async Task UntilStoppedAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
