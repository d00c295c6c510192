using System.CommandLine;
using System.Net.Sockets;
using Mcptt.Load.Reporting;
using Mcptt.Load.Running;

namespace Mcptt.Host.Commands.Load;

/// <summary>mcptt load: users, calls and speech in numbers, against any server.</summary>
internal static class LoadCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command(
            "load",
            "Make load with many users as a profile file says, over SIP, floor control and RTP, and report what they got: times, losses, refusals.\n"
                + "Ctrl-C ends calls and registrations, then the report is written.\n"
                + "Exit code 0: valid, and all thresholds of the profile hold; 1: not.")
        {
            LoadExampleCommand.Create(context),
            LoadCheckCommand.Create(context),
            LoadCompareCommand.Create(context),
        };
        var options = LoadCommandOptions.AddTo(command, context);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await RunAsync(options.Read(parsed), context, cancellationToken);
            }
            catch (UsageException e)
            {
                await context.Error.WriteLineAsync($"mcptt load: {e.Message}");
                return ExitCodes.Usage;
            }
            catch (ApiUnreachableException e)
            {
                await context.Error.WriteLineAsync($"mcptt load: {e.Message}\nName the server's API with --api, or leave provisioning out with --no-provision.");
                return ExitCodes.Unreachable;
            }
            catch (Exception e) when (e is FailedException or ApiRefusedException)
            {
                await context.Error.WriteLineAsync($"mcptt load: {e.Message}");
                return ExitCodes.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await context.Error.WriteLineAsync("mcptt load: stopped before the load began");
                return ExitCodes.Failed;
            }
        });
        return command.WithExamples(
            "mcptt load example > town.json",
            "mcptt load --server udp:127.0.0.1:5060 --profile town.json --report town",
            "mcptt load --server udp:10.0.0.1:5060,udp:10.0.0.2:5060 --profile town.json --no-provision --json",
            "mcptt load compare before/report.json after/report.json");
    }

    private static async Task<int> RunAsync(LoadOrder order, CommandContext context, CancellationToken stop)
    {
        if (order.Api is { } api)
        {
            using var client = new ApiClient(api, order.Token, context.Time);
            await new LoadProvisioning(client, context).RunAsync(order.Run.Profile, stop);
        }

        LoadReport report;
        await using (var view = LoadView.Of(context, order))
        {
            try
            {
                report = await new LoadRun(order.Run, context.Time, view.Show).RunAsync(stop);
            }
            catch (SocketException e)
            {
                throw new FailedException($"{order.Run.LocalAddress}: {e.Message}; name an address of this machine with --local");
            }
        }

        if (order.Folder is { } folder)
        {
            ReportFolder.Write(folder, report);
            await context.Error.WriteLineAsync($"mcptt load: report in {Path.Combine(folder.FullName, ReportFolder.PageName)}");
        }

        new LoadSummary(context).Show(report, order.Json);
        return report is { Valid: true, Holds: true } ? ExitCodes.Success : ExitCodes.Failed;
    }
}
