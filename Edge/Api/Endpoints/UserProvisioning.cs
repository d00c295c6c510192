using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Http;

namespace Mcptt.Api.Endpoints;

/// <summary>Changes of a user that need what is stored of it: HA1 values are kept where no new password is given.</summary>
internal sealed class UserProvisioning(ApiCommands commands, ApiOptions options)
{
    public ValueTask<Reply> SubscriberAsync(HttpContext http, string mcpttId) =>
        commands.UeAsync(http, mcpttId, new UeCommand { GetSubscriber = new GetSubscriber() });

    public ValueTask<Reply> ViewAsync(HttpContext http, string mcpttId) => commands.UeAsync(http, mcpttId, new UeCommand { GetUe = new GetUe() });

    public ValueTask<Reply> RemoveAsync(HttpContext http, string mcpttId) =>
        commands.UeAsync(http, mcpttId, new UeCommand { RemoveUser = new RemoveUser() });

    /// <summary>Null when it was done.</summary>
    public async Task<IResult?> PutAsync(HttpContext http, UserProfile profile, string? password)
    {
        if (password is not null)
        {
            DigestPassword.Set(profile, password, options.Realm, options.DigestAlgorithms);
        }
        else if (await KeepPasswordAsync(http, profile) is { } problem)
        {
            return problem;
        }

        return await StoreAsync(http, profile);
    }

    /// <summary>Null when it was done.</summary>
    public async Task<IResult?> SetPasswordAsync(HttpContext http, string mcpttId, string password)
    {
        var reply = await SubscriberAsync(http, mcpttId);
        if (reply.Accepted?.Subscriber is not { Profile: { } stored })
        {
            return Problems.FromReply(reply, http);
        }

        var profile = stored.Clone();
        DigestPassword.Set(profile, password, options.Realm, options.DigestAlgorithms);
        return await StoreAsync(http, profile);
    }

    private async Task<IResult?> KeepPasswordAsync(HttpContext http, UserProfile profile)
    {
        var reply = await SubscriberAsync(http, profile.McpttId);
        if (reply.Unavailable is not null)
        {
            return Problems.FromReply(reply, http);
        }

        if (reply.Accepted?.Subscriber is not { Profile: { } stored } || stored.Ha1.Count == 0)
        {
            return null;
        }

        // The user name is part of HA1, which nobody can make again without the password.
        if (stored.DigestUser != profile.DigestUser)
        {
            return Problems.Parameter("digestUser", "changes the stored password's meaning", "give the password too");
        }

        profile.Realm = stored.Realm;
        profile.Ha1.Add(stored.Ha1);
        return null;
    }

    private async Task<IResult?> StoreAsync(HttpContext http, UserProfile profile)
    {
        var reply = await commands.UeAsync(http, profile.McpttId, new UeCommand { PutUser = new PutUser { Profile = profile } });
        return reply.Accepted is null ? Problems.FromReply(reply, http) : null;
    }
}
