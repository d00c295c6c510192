using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

internal sealed class UserEndpoints(UserProvisioning users, Paging paging)
{
    public void Map(RouteGroupBuilder root)
    {
        var routes = root.MapGroup("/users").WithTags("users");
        routes.MapGet("/", ListAsync).WithName("listUsers").WithSummary("List users").Produces<PageModel<UserSummaryModel>>();
        routes.MapGet("/{id}", GetAsync).WithName("getUser").WithSummary("Read a user; the password is never shown").Produces<UserModel>().Produces<ProblemModel>(404, Problems.ContentType);
        routes
            .MapGet("/{id}/state", GetStateAsync)
            .WithName("getUserState")
            .WithSummary("Where a user is registered and affiliated")
            .Produces<UserStateModel>()
            .Produces<ProblemModel>(404, Problems.ContentType);
        routes
            .MapPut("/{id}", PutAsync)
            .WithName("putUser")
            .WithSummary("Create or replace a user; without a password the one that is set stays")
            .Accepts<UserModel>("application/json")
            .Produces<UserModel>()
            .Produces<ProblemModel>(400, Problems.ContentType);
        routes
            .MapPut("/{id}/password", PutPasswordAsync)
            .WithName("putUserPassword")
            .WithSummary("Set the password of a user")
            .Accepts<PasswordModel>("application/json")
            .Produces(204)
            .Produces<ProblemModel>(400, Problems.ContentType)
            .Produces<ProblemModel>(404, Problems.ContentType);
        routes.MapDelete("/{id}", DeleteAsync).WithName("removeUser").WithSummary("Remove a user").Produces(204).Produces<ProblemModel>(404, Problems.ContentType);
    }

    private Task<IResult> ListAsync(HttpContext http, string? after, int? limit) =>
        paging.ListAsync(ActorKindName.Ue, ActorScope.Known, after, limit, id => SummaryAsync(http, id), http.RequestAborted);

    private async Task<IResult> GetAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var mcpttId))
        {
            return problem;
        }

        var reply = await users.SubscriberAsync(http, mcpttId);
        return reply.Accepted?.Subscriber is { Profile: { } profile }
            ? Results.Json(UserModelMapping.ToModel(profile), ApiJson.Options)
            : Problems.FromReply(reply, http);
    }

    private async Task<IResult> GetStateAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var mcpttId))
        {
            return problem;
        }

        var subscriber = await users.SubscriberAsync(http, mcpttId);
        if (subscriber.Accepted?.Subscriber is not { Profile: { } profile })
        {
            return Problems.FromReply(subscriber, http);
        }

        var reply = await users.ViewAsync(http, mcpttId);
        return reply.Accepted?.Ue is { } view ? Results.Json(UserModelMapping.ToState(profile, view), ApiJson.Options) : Problems.FromReply(reply, http);
    }

    private async Task<IResult> PutAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var mcpttId))
        {
            return problem;
        }

        var body = await RequestDocument<UserModel>.ReadAsync(http);
        if (body.Value is null)
        {
            return body.Problem!; // No value: there is a problem.
        }

        if (!UserModelMapping.TryToProfile(body.Value, mcpttId, body.Places, out var profile, out var faults))
        {
            return Problems.Faults(faults);
        }

        return await users.PutAsync(http, profile, body.Value.Password) ?? Results.Json(UserModelMapping.ToModel(profile), ApiJson.Options);
    }

    private async Task<IResult> PutPasswordAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var mcpttId))
        {
            return problem;
        }

        var body = await RequestDocument<PasswordModel>.ReadAsync(http);
        if (body.Value is null)
        {
            return body.Problem!; // No value: there is a problem.
        }

        return UserModelMapping.TryPassword(body.Value, body.Places, out var faults)
            ? await users.SetPasswordAsync(http, mcpttId, body.Value.Password) ?? Results.NoContent()
            : Problems.Faults(faults);
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var mcpttId))
        {
            return problem;
        }

        var reply = await users.RemoveAsync(http, mcpttId);
        return reply.Accepted is null ? Problems.FromReply(reply, http) : Results.NoContent();
    }

    private async ValueTask<Viewed<UserSummaryModel>> SummaryAsync(HttpContext http, string mcpttId)
    {
        var reply = await users.ViewAsync(http, mcpttId);
        return reply switch
        {
            { Accepted.Ue: { Profile: not null } view } => new(UserModelMapping.ToSummary(view), null),
            { Unavailable: not null } => new(null, Problems.FromReply(reply, http)),
            _ => Viewed<UserSummaryModel>.Gone,
        };
    }
}
