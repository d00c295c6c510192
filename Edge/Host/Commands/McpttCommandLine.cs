using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Mcptt.Host.Commands.Audit;
using Mcptt.Host.Commands.Certs;
using Mcptt.Host.Commands.Load;

namespace Mcptt.Host.Commands;

/// <summary>The program `mcptt` as a function of its arguments.</summary>
internal static class McpttCommandLine
{
    public static string Version { get; } =
        typeof(McpttCommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var parsed = Root(context).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,

            // SIGTERM and SIGINT come by the context, so that `serve` decides how long it drains.
            ProcessTerminationTimeout = null,
        };
        var code = await parsed.InvokeAsync(configuration, context.Stop);
        return parsed.Action is ParseErrorAction ? ExitCodes.Usage : code;
    }

    private static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand("Mission-critical push-to-talk (MCPTT) application server.")
        {
            ServeCommand.Create(context),
            ConfigCommand.Create(context),
            GroupCommands.Create(context),
            UserCommands.Create(context),
            CallCommands.Create(context),
            NodeCommands.Create(context),
            ShardCommands.Create(context),
            EventsCommand.Create(context),
            HealthCommand.Create(context),
            JournalCommand.Create(context),
            CertsCommand.Create(context),
            AuditCommand.Create(context),
            UeCommand.Create(context),
            DemoCommand.Create(context),
            LoadCommand.Create(context),
        };
        root.WithExamples(
            "mcptt serve --open                       a server for the lab on this machine",
            "mcptt group put brigade.json             provision a group",
            "mcptt call list                          who talks with whom now",
            "mcptt config show                        what the server would run with"
        );
        Examples.ShowInHelp(root);
        ShowVersion(root);
        return root;
    }

    private static void ShowVersion(RootCommand root)
    {
        if (root.Options.OfType<VersionOption>().FirstOrDefault() is { } option)
        {
            option.Action = new PrintVersion();
        }
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"mcptt {Version}");
            return ExitCodes.Success;
        }
    }
}
