using System.CommandLine;
using System.Globalization;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt shard ...</summary>
internal static class ShardCommands
{
    private const string Path = "v1/shards";

    public static Command Create(CommandContext context)
    {
        var shard = new Command("shard", "Look at which node owns which shard, and move shards.");
        var api = ApiCommandOptions.AddTo(shard, context);
        shard.Subcommands.Add(List(api));
        shard.Subcommands.Add(Move(api));
        return shard.WithExamples("mcptt shard list --node n2", "mcptt shard move 17 18 --to n3");
    }

    private static Command List(ApiCommandOptions api)
    {
        var node = new Option<string?>("--node") { Description = "Only those of this node", HelpName = "NAME" };
        var command = new Command("list", "List shards, their owners, and where an operator wants them.") { node };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var json = await client.GetAsync(Path, cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(json);
                    return;
                }

                var list = Documents.Model<ShardListModel>(json);
                var wanted = parsed.GetValue(node);
                screen.Table(
                    ["SHARD", "NODE", "EPOCH", "PINNED TO"],
                    list.Items
                        .Where(shard => wanted is null || shard.Node == wanted)
                        .Select(shard => (IReadOnlyList<string>)[$"{shard.Shard}", shard.Node ?? "-", $"{shard.Epoch}", shard.PinnedTo ?? ""])
                );
                NodeCommands.Warn(api.Context, list.SeenBy, list.OutOfDate);
            }
        );
        return command.WithExamples("mcptt shard list", "mcptt shard list --node n2", "mcptt shard list --json");
    }

    private static Command Move(ApiCommandOptions api)
    {
        var shards = new Argument<int[]>("SHARD") { Description = "Numbers of shards", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string?>("--to") { Description = "Name of the node that they shall be on, and stay on while it is there", HelpName = "NODE" };
        var anywhere = new Option<bool>("--anywhere") { Description = "Take such a wish back: wherever they fit" };
        var command = new Command("move", "Move shards: each is finished on its node and goes on on the other; calls go on.") { shards, to, anywhere };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var node = parsed.GetValue(to) ?? "";
                if (node.Length > 0 == parsed.GetValue(anywhere))
                {
                    throw new UsageException("say where: --to NODE, or --anywhere");
                }

                foreach (var shard in parsed.GetValue(shards)!) // At least one by its arity.
                {
                    await client.PostAsync(string.Create(CultureInfo.InvariantCulture, $"{Path}/{shard}/move"), new ShardMoveModel { Node = node }, cancellationToken);
                    screen.Line(node.Length > 0 ? $"shard {shard} goes to {node}" : $"shard {shard} goes wherever it fits");
                }
            }
        );
        return command.WithExamples("mcptt shard move 17 18 --to n3", "mcptt shard move 17 18 --anywhere");
    }
}
