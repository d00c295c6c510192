using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt call ...</summary>
internal static class CallCommands
{
    private const string Path = "v1/calls";

    public static Command Create(CommandContext context)
    {
        var call = new Command("call", "Look at calls of a running server, and release them.");
        var api = ApiCommandOptions.AddTo(call, context);
        call.Subcommands.Add(List(api));
        call.Subcommands.Add(Show(api));
        call.Subcommands.Add(Release(api));
        return call.WithExamples("mcptt call list", "mcptt call show 3f2a9c0d1e2b3a4c5d6e7f80", "mcptt call release 3f2a9c0d1e2b3a4c5d6e7f80");
    }

    private static Command List(ApiCommandOptions api)
    {
        var all = new Option<bool>("--all") { Description = "Also those that have ended" };
        var command = new Command("list", "List calls under way.") { all };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var items = await client.ListAsync(parsed.GetValue(all) ? $"{Path}?state=all" : Path, cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(JsonSerializer.SerializeToElement(items));
                    return;
                }

                screen.Table(
                    ["CALL", "GROUP", "TYPE", "PHASE", "STARTED", "LEGS"],
                    items
                        .Select(Documents.Model<CallModel>)
                        .Select(one => (IReadOnlyList<string>)[one.Call, one.GroupId, one.SessionType ?? "", one.Phase, $"{one.StartedAt:u}", $"{one.Legs.Count}"])
                );
            }
        );
        return command.WithExamples("mcptt call list", "mcptt call list --all --json");
    }

    private static Command Show(ApiCommandOptions api)
    {
        var id = Documents.Identity("Call id, as \"call list\" shows it");
        var command = new Command("show", "Show a call, its legs and who talks.") { id };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var json = await client.GetAsync(Address(parsed.GetValue(id)), cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(json);
                    return;
                }

                Show(screen, Documents.Model<CallModel>(json));
            }
        );
        return command.WithExamples("mcptt call show 3f2a9c0d1e2b3a4c5d6e7f80");
    }

    private static void Show(Screen screen, CallModel call)
    {
        screen.Line($"{call.Call} in {call.GroupId}: {call.Phase}, started {call.StartedAt:u}{(call.EndedAt is { } ended ? $", ended {ended:u}" : "")}");
        if (call.Media is { } media)
        {
            screen.Line($"media: {media.MediaNode} {media.Address}, voice port {media.RtpPort}, floor port {media.FloorPort}");
        }

        if (call.Floor is { } floor)
        {
            screen.Line($"floor: {floor.Phase}{string.Concat(floor.Holders.Select(holder => $", {holder.McpttId} since {holder.Since:u}"))}");
            foreach (var queued in floor.Queue)
            {
                screen.Line($"queued: {queued.McpttId}, priority {queued.Priority}, since {queued.Since:u}");
            }
        }

        screen.Table(
            ["LEG", "USER", "CLIENT", "PHASE", "DIRECTION"],
            call.Legs.Select(leg => (IReadOnlyList<string>)[$"{leg.Leg}", leg.McpttId, leg.ClientId, leg.Phase, leg.Outgoing ? "invited" : "called"])
        );
    }

    private static Command Release(ApiCommandOptions api)
    {
        var ids = Documents.Identities("Call ids");
        var command = new Command("release", "End calls: every participant gets a BYE.") { ids };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                foreach (var id in parsed.GetValue(ids)!) // At least one by its arity.
                {
                    await client.DeleteAsync(Address(id), cancellationToken);
                    screen.Line($"{id} released");
                }
            }
        );
        return command.WithExamples("mcptt call release 3f2a9c0d1e2b3a4c5d6e7f80");
    }

    private static string Address(string? id) => $"{Path}/{Uri.EscapeDataString(id ?? "")}";
}
