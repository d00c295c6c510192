using System.CommandLine;
using System.Globalization;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt node ...</summary>
internal static class NodeCommands
{
    private const string Path = "v1/nodes";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public static Command Create(CommandContext context)
    {
        var node = new Command("node", "Look at the nodes of a running cluster, and take them out of service and back.");
        var api = ApiCommandOptions.AddTo(node, context);
        node.Subcommands.Add(List(api));
        node.Subcommands.Add(Show(api));
        node.Subcommands.Add(Drain(api, context));
        node.Subcommands.Add(Undrain(api));
        return node.WithExamples("mcptt node list", "mcptt node drain n2 --wait && ssh n2 systemctl restart mcptt", "mcptt node undrain n2");
    }

    /// <summary>Who answers tells what it last saw; when that may be old, it is said beside the data.</summary>
    public static void Warn(CommandContext context, string seenBy, string? outOfDate)
    {
        if (outOfDate is not null)
        {
            context.Error.WriteLine($"mcptt: this is what {seenBy} last saw: {outOfDate}");
        }
    }

    /// <summary>"0-3, 7": a node may own thousands.</summary>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers.Order())
        {
            if (ranges is [.., var last] && last.Last + 1 == number)
            {
                ranges[^1] = (last.First, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(", ", ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }

    private static Command List(ApiCommandOptions api)
    {
        var command = new Command("list", "List nodes that live.");
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

                var list = Documents.Model<NodeListModel>(json);
                screen.Table(
                    ["NODE", "ROLES", "SITE", "SHARDS", "MEDIA LOAD", "STATE", "VERSION", "STARTED", "ADDRESS"],
                    list.Items.Select(node => (IReadOnlyList<string>)
                    [
                        node.Name, string.Join(',', node.Roles), node.Site ?? "", $"{node.Shards.Count}", node.MediaLoad?.ToString(CultureInfo.InvariantCulture) ?? "", State(node), node.Version,
                        $"{node.StartedAt:u}", node.Address ?? "",
                    ])
                );
                Warn(api.Context, list.SeenBy, list.OutOfDate);
            }
        );
        return command.WithExamples("mcptt node list", "mcptt node list --json");
    }

    private static Command Show(ApiCommandOptions api)
    {
        var name = Name();
        var command = new Command("show", "Show a node and which shards it owns.") { name };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var json = await client.GetAsync(Address(parsed.GetValue(name)), cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(json);
                    return;
                }

                var node = Documents.Model<NodeModel>(json);
                screen.Line($"{node.Name}: {State(node)}, instance {node.Instance}, version {node.Version}, started {node.StartedAt:u}");
                screen.Line($"roles {string.Join(", ", node.Roles)}{(node.Site is { } site ? $", site {site}" : "")}{(node.Address is { } address ? $", address {address}" : "")}");
                screen.Line($"{node.Shards.Count} shards{(node.Shards.Count > 0 ? $": {Ranges(node.Shards)}" : "")}");
            }
        );
        return command.WithExamples("mcptt node show n2");
    }

    private static Command Drain(ApiCommandOptions api, CommandContext context)
    {
        var name = Name();
        var wait = new Option<bool>("--wait") { Description = "Until the node owns no shard any more" };
        var timeout = new Option<double>("--timeout") { Description = "Seconds that --wait waits at most", HelpName = "SECONDS", DefaultValueFactory = _ => 300 };
        var command = new Command("drain", "Hand a node's shards over to others, one after the other; calls go on. It takes none until it is undrained or restarted.") { name, wait, timeout };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var node = parsed.GetValue(name) ?? "";
                await client.PostAsync($"{Address(node)}/drain", new { }, cancellationToken);
                if (parsed.GetValue(wait))
                {
                    await UntilEmptyAsync(client, node, TimeSpan.FromSeconds(parsed.GetValue(timeout)), context, cancellationToken);
                    screen.Line($"{node} owns no shards");
                }
                else
                {
                    screen.Line($"{node} drains");
                }
            }
        );
        return command.WithExamples("mcptt node drain n2", "mcptt node drain n2 --wait --timeout 60");
    }

    private static Command Undrain(ApiCommandOptions api)
    {
        var name = Name();
        var command = new Command("undrain", "Let a node take shards and media sessions again.") { name };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                await client.PostAsync($"{Address(parsed.GetValue(name))}/undrain", new { }, cancellationToken);
                screen.Line($"{parsed.GetValue(name)} is in service");
            }
        );
        return command.WithExamples("mcptt node undrain n2");
    }

    private static async Task UntilEmptyAsync(ApiClient client, string node, TimeSpan patience, CommandContext context, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var most = 0;
        while (true)
        {
            var left = Documents.Model<NodeModel>(await client.GetAsync(Address(node), cancellationToken)).Shards.Count;
            most = Math.Max(most, left);
            if (context.ErrorIsTerminal && most > 0)
            {
                await context.Error.WriteAsync($"\r{node}: {most - left} of {most} shards handed over{(left == 0 ? Environment.NewLine : "")}");
            }

            if (left == 0)
            {
                return;
            }

            if (context.Time.GetElapsedTime(began) >= patience)
            {
                throw new FailedException($"{node} still owns {left} shards after {patience.TotalSeconds:0} s; it goes on draining (mcptt node show {node})");
            }

            await Task.Delay(Poll, context.Time, cancellationToken);
        }
    }

    private static Argument<string> Name() => new("NAME") { Description = "Name of the node, as \"node list\" shows it" };

    private static string State(NodeModel node) => node.Draining ? "draining" : "in service";

    private static string Address(string? node) => $"{Path}/{Uri.EscapeDataString(node ?? "")}";
}
