using System.CommandLine;

namespace Mcptt.Host.Commands;

/// <summary>The commands that are the same for groups and users: what differs is in the words and in the address.</summary>
internal static class DocumentCommands
{
    public static Command Get(ApiCommandOptions api, string description, string identity, Func<string, string> address)
    {
        var id = Documents.Identity(identity);
        var command = new Command("get", description) { id };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) => screen.Json(await client.GetAsync(address(Documents.Normalise(parsed.GetValue(id))), cancellationToken))
        );
        return command;
    }

    public static Command Remove(ApiCommandOptions api, string description, string identities, Func<string, string> address)
    {
        var ids = Documents.Identities(identities);
        var command = new Command("remove", description) { ids };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                foreach (var id in parsed.GetValue(ids)!.Select(Documents.Normalise).ToList()) // At least one by its arity.
                {
                    await client.DeleteAsync(address(id), cancellationToken);
                    screen.Line($"{id} removed");
                }
            }
        );
        return command;
    }
}
