using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt group ...</summary>
internal static class GroupCommands
{
    private const string Path = "v1/groups";

    public static Command Create(CommandContext context)
    {
        var group = new Command("group", "Provision groups of a running server.");
        var api = ApiCommandOptions.AddTo(group, context);
        group.Subcommands.Add(Put(context, api));
        group.Subcommands.Add(Get(api));
        group.Subcommands.Add(State(api));
        group.Subcommands.Add(List(api));
        group.Subcommands.Add(Remove(api));
        return group.WithExamples(
            "mcptt group put brigade.json",
            "mcptt group list",
            "mcptt group get sip:brigade@example.org > brigade.json"
        );
    }

    public static string Address(string groupId) => $"{Path}/{Uri.EscapeDataString(groupId)}";

    private static Command Put(CommandContext context, ApiCommandOptions api)
    {
        var files = new Argument<string[]>("FILE") { Description = "JSON (comments allowed) with one group or a list; - is standard input", Arity = ArgumentArity.OneOrMore };
        var command = new Command("put", "Create groups or replace their documents. Nothing is sent when a file has a fault.") { files };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var read = parsed.GetValue(files)!.Select(path => DocumentFiles.ReadGroups(path, context.In)).ToList(); // At least one by its arity.
                Documents.ThrowIfFaulty(read.SelectMany(one => one.Faults));
                foreach (var document in read.SelectMany(one => one.Documents))
                {
                    await client.PutAsync(Address(document.GroupId!), document, cancellationToken); // Checked: it has an identity.
                    screen.Line($"{document.GroupId} stored, {document.Members.Count} members");
                }
            }
        );
        return command.WithExamples("mcptt group put brigade.json", "generate-groups | mcptt group put -");
    }

    private static Command Get(ApiCommandOptions api) =>
        DocumentCommands.Get(api, "Print a group document as JSON, fit for \"put\".", "Group identity, a SIP URI", Address).WithExamples("mcptt group get sip:brigade@example.org");

    private static Command State(ApiCommandOptions api)
    {
        var id = Documents.Identity("Group identity, a SIP URI");
        var command = new Command("state", "Show who is affiliated to a group, and its call under way.") { id };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var json = await client.GetAsync(Address(Documents.Normalise(parsed.GetValue(id))) + "/state", cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(json);
                    return;
                }

                var state = Documents.Model<GroupStateModel>(json);
                screen.Line($"{state.GroupId}: {(state.Call is null ? "no call" : $"call {state.Call}")}");
                screen.Table(
                    ["AFFILIATED", "CLIENT", "CONTACT", "BY"],
                    state.Affiliated.Select(client => (IReadOnlyList<string>)[client.McpttId, client.ClientId, client.ContactUri, $"{client.Transport} {client.Remote}".Trim()])
                );
            }
        );
        return command.WithExamples("mcptt group state sip:brigade@example.org");
    }

    private static Command List(ApiCommandOptions api)
    {
        var command = new Command("list", "List groups.");
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var items = await client.ListAsync(Path, cancellationToken);
                if (api.WantsJson(parsed))
                {
                    screen.Json(JsonSerializer.SerializeToElement(items));
                    return;
                }

                screen.Table(
                    ["GROUP", "NAME", "TYPE", "MEMBERS", "AFFILIATED", "CALL"],
                    items
                        .Select(Documents.Model<GroupSummaryModel>)
                        .Select(group =>
                            (IReadOnlyList<string>)
                                [
                                    group.GroupId,
                                    group.DisplayName ?? "",
                                    group.Disabled ? $"{group.SessionType}, disabled" : group.SessionType,
                                    $"{group.Members}",
                                    $"{group.Affiliated}",
                                    group.Call ?? "",
                                ]
                        )
                );
            }
        );
        return command.WithExamples("mcptt group list", "mcptt group list --json | jq '.[].groupId'");
    }

    private static Command Remove(ApiCommandOptions api) =>
        DocumentCommands.Remove(api, "Remove groups. Their history stays in the journal.", "Group identities", Address).WithExamples("mcptt group remove sip:brigade@example.org");
}
