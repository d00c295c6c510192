using System.CommandLine;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt health</summary>
internal static class HealthCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("health", "Ask a running server whether every part of it works. Exit code 0: ready.");
        var api = ApiCommandOptions.AddTo(command, context);
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var (ready, health) = await client.ReadyAsync(cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(health);
                }
                else
                {
                    var model = Documents.Model<HealthModel>(health);
                    screen.Line($"{model.Node}: {model.Status}, roles {string.Join(", ", model.Roles)}, version {model.Version}");
                    screen.Table(["PART", "READY", "DETAIL"], model.Checks.Select(check => (IReadOnlyList<string>)[check.Name, check.Ready ? "yes" : "no", check.Detail ?? ""]));
                }

                if (!ready)
                {
                    throw new FailedException("the server is not ready");
                }
            }
        );
        return command.WithExamples("mcptt health", "mcptt health --api http://10.0.0.5:7060 --token-file token.txt");
    }
}
