using System.CommandLine;
using System.Text.Json;
using Mcptt.Api.Models;

namespace Mcptt.Host.Commands;

/// <summary>mcptt user ...</summary>
internal static class UserCommands
{
    private const string Path = "v1/users";

    public static Command Create(CommandContext context)
    {
        var user = new Command("user", "Provision users of a running server.");
        var api = ApiCommandOptions.AddTo(user, context);
        user.Subcommands.Add(Put(context, api));
        user.Subcommands.Add(Get(api));
        user.Subcommands.Add(State(api));
        user.Subcommands.Add(List(api));
        user.Subcommands.Add(Remove(api));
        user.Subcommands.Add(Password(context, api));
        return user.WithExamples("mcptt user put users.json", "mcptt user list", "mcptt user password sip:alice@example.org");
    }

    public static string Address(string mcpttId) => $"{Path}/{Uri.EscapeDataString(mcpttId)}";

    private static Command Put(CommandContext context, ApiCommandOptions api)
    {
        var files = new Argument<string[]>("FILE") { Description = "JSON (comments allowed) with one user or a list; - is standard input", Arity = ArgumentArity.OneOrMore };
        var command = new Command("put", "Create or replace users. A user without \"password\" keeps the one that is set. Nothing is sent when a file has a fault.") { files };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var read = parsed.GetValue(files)!.Select(path => DocumentFiles.ReadUsers(path, context.In)).ToList(); // At least one by its arity.
                Documents.ThrowIfFaulty(read.SelectMany(one => one.Faults));
                foreach (var document in read.SelectMany(one => one.Documents))
                {
                    await client.PutAsync(Address(document.McpttId!), document, cancellationToken); // Checked: it has an identity.
                    screen.Line($"{document.McpttId} stored");
                }
            }
        );
        return command.WithExamples("mcptt user put users.json");
    }

    private static Command Get(ApiCommandOptions api) =>
        DocumentCommands.Get(api, "Print a user as JSON, fit for \"put\"; the password is never shown.", "MCPTT ID, a SIP URI", Address).WithExamples("mcptt user get sip:alice@example.org");

    private static Command State(ApiCommandOptions api)
    {
        var id = Documents.Identity("MCPTT ID, a SIP URI");
        var command = new Command("state", "Show where a user is registered and affiliated.") { id };
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

                Show(screen, Documents.Model<UserStateModel>(json));
            }
        );
        return command.WithExamples("mcptt user state sip:alice@example.org");
    }

    private static void Show(Screen screen, UserStateModel state)
    {
        screen.Line($"{state.McpttId}: {(state.DigestAlgorithms.Count > 0 ? $"password set ({string.Join(", ", state.DigestAlgorithms)})" : "no password set")}");
        screen.Table(
            ["CLIENT", "CONTACT", "BY", "EXPIRES"],
            state.Bindings.Select(binding =>
                (IReadOnlyList<string>)[binding.Client.ClientId, binding.Client.ContactUri, $"{binding.Client.Transport} {binding.Client.Remote}".Trim(), $"{binding.ExpiresAt:u}"]
            )
        );
        screen.Table(["GROUP", "CLIENT", "STATUS"], state.Affiliations.Select(one => (IReadOnlyList<string>)[one.GroupId, one.ClientId, one.Status]));
    }

    private static Command List(ApiCommandOptions api)
    {
        var command = new Command("list", "List users.");
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
                    ["USER", "NAME", "REGISTERED", "AFFILIATIONS"],
                    items
                        .Select(Documents.Model<UserSummaryModel>)
                        .Select(user => (IReadOnlyList<string>)[user.McpttId, user.DisplayName ?? "", user.Registered ? "yes" : "no", $"{user.Affiliations}"])
                );
            }
        );
        return command.WithExamples("mcptt user list");
    }

    private static Command Remove(ApiCommandOptions api) =>
        DocumentCommands.Remove(api, "Remove users. Their history stays in the journal.", "MCPTT IDs", Address).WithExamples("mcptt user remove sip:alice@example.org");

    private static Command Password(CommandContext context, ApiCommandOptions api)
    {
        var id = Documents.Identity("MCPTT ID, a SIP URI");
        var command = new Command("password", "Set a user's password. It is read from the terminal or from standard input, never from the command line.") { id };
        api.SetAction(
            command,
            async (parsed, client, screen, cancellationToken) =>
            {
                var identity = Documents.Normalise(parsed.GetValue(id));
                var password = PasswordInput.Read(context);
                await client.PutAsync(Address(identity) + "/password", new PasswordModel { Password = password }, cancellationToken);
                screen.Line($"password of {identity} set");
            }
        );
        return command.WithExamples("mcptt user password sip:alice@example.org", "mcptt user password sip:alice@example.org < secret.txt");
    }
}
