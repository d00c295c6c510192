using System.CommandLine;
using Mcptt.Actors.Cluster.Certificates;

namespace Mcptt.Host.Commands.Certs;

/// <summary>mcptt certs init</summary>
internal static class CertsInitCommand
{
    private const int DefaultDays = 3650;
    private const int MostDays = 36_500;

    public static Command Create(CommandContext context)
    {
        var command = new Command("init", "Make the authority of a cluster: its certificate for every node, its key for the operator alone.");
        var folder = CertsCommand.Folder($"Folder for {CertsCommand.AuthorityCertificate} and {CertsCommand.AuthorityKey}; made if missing");
        var name = new Option<string>("--name") { Description = "Name of the authority", HelpName = "NAME", DefaultValueFactory = _ => "mcptt cluster" };
        var days = new Option<int>("--days") { Description = "How long it is valid", HelpName = "DAYS", DefaultValueFactory = _ => DefaultDays };
        command.Options.Add(folder);
        command.Options.Add(name);
        command.Options.Add(days);
        command.SetAction(parsed => CertsCommand.Run(context, screen =>
        {
            var lifetime = parsed.GetValue(days);
            if (lifetime is < 1 or > MostDays)
            {
                throw new UsageException($"{lifetime} days are not possible; write 1 to {MostDays} (--days)");
            }

            var pair = NodeAuthority.Create(parsed.GetValue(name) ?? "", TimeSpan.FromDays(lifetime), context.Time.GetUtcNow());
            var (certificate, key) = CertsCommand.WritePair(parsed.GetRequiredValue(folder), CertsCommand.AuthorityCertificate, CertsCommand.AuthorityKey, pair);
            screen.Line($"{certificate}: copy it to every node (cluster.authority)");
            screen.Line($"{key}: keep it where no node is; who has it can make nodes of this cluster");
            return ExitCodes.Success;
        }));
        return command.WithExamples("mcptt certs init -o /media/operator/ca", "mcptt certs init -o ca --name \"brigade west\" --days 7300");
    }
}
