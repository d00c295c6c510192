using System.Net;
using Mcptt.Api.Models;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Commands;

/// <summary>Groups and users that are provisioned at each start, by the same way as everybody's: the API.</summary>
internal sealed record StartDocuments(IReadOnlyList<GroupModel> Groups, IReadOnlyList<UserModel> Users, IReadOnlyList<string> Faults)
{
    public static StartDocuments Read(IReadOnlyList<string> groupFiles, IReadOnlyList<string> userFiles, TextReader standardInput)
    {
        var groups = groupFiles.Select(path => DocumentFiles.ReadGroups(path, standardInput)).ToList();
        var users = userFiles.Select(path => DocumentFiles.ReadUsers(path, standardInput)).ToList();
        return new StartDocuments(
            [.. groups.SelectMany(one => one.Documents)],
            [.. users.SelectMany(one => one.Documents)],
            [.. groups.SelectMany(one => one.Faults), .. users.SelectMany(one => one.Faults)]
        );
    }

    public async Task ProvisionAsync(McpttServer server, ServerOptions options, CommandContext context)
    {
        if (Groups.Count + Users.Count == 0)
        {
            return;
        }

        using var client = new ApiClient(Reachable(server.ApiAddress), options.Api.OperatorToken, context.Time);
        foreach (var user in Users)
        {
            await client.PutAsync(UserCommands.Address(user.McpttId!), user, context.Stop); // Checked at reading: it has an identity.
        }

        foreach (var group in Groups)
        {
            await client.PutAsync(GroupCommands.Address(group.GroupId!), group, context.Stop); // Checked at reading: it has an identity.
        }
    }

    // One that listens on all addresses is reached by loopback.
    private static Uri Reachable(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var host) && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = host.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri
            : address;
}
