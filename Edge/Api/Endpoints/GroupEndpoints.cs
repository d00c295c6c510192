using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

internal sealed class GroupEndpoints(ApiCommands commands, Paging paging)
{
    public void Map(RouteGroupBuilder root)
    {
        var groups = root.MapGroup("/groups").WithTags("groups");
        groups.MapGet("/", ListAsync).WithName("listGroups").WithSummary("List groups").Produces<PageModel<GroupSummaryModel>>();
        groups.MapGet("/{id}", GetAsync).WithName("getGroup").WithSummary("Read a group document").Produces<GroupModel>().Produces<ProblemModel>(404, Problems.ContentType);
        groups
            .MapGet("/{id}/state", GetStateAsync)
            .WithName("getGroupState")
            .WithSummary("Who is affiliated, and the call under way")
            .Produces<GroupStateModel>()
            .Produces<ProblemModel>(404, Problems.ContentType);
        groups
            .MapPut("/{id}", PutAsync)
            .WithName("putGroup")
            .WithSummary("Create or replace a group document")
            .Accepts<GroupModel>("application/json")
            .Produces<GroupModel>()
            .Produces<ProblemModel>(400, Problems.ContentType);
        groups.MapDelete("/{id}", DeleteAsync).WithName("removeGroup").WithSummary("Remove a group").Produces(204).Produces<ProblemModel>(404, Problems.ContentType);
    }

    private Task<IResult> ListAsync(HttpContext http, string? after, int? limit) =>
        paging.ListAsync(ActorKindName.Group, ActorScope.Known, after, limit, id => SummaryAsync(http, id), http.RequestAborted);

    private async Task<IResult> GetAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var groupId))
        {
            return problem;
        }

        var reply = await QueryAsync(http, groupId);
        return reply.Accepted?.Group is { Document: { } document }
            ? Results.Json(GroupModelMapping.ToModel(document), ApiJson.Options)
            : Problems.FromReply(reply, http);
    }

    private async Task<IResult> GetStateAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var groupId))
        {
            return problem;
        }

        var reply = await QueryAsync(http, groupId);
        return reply.Accepted?.Group is { } view
            ? Results.Json(GroupModelMapping.ToState(groupId, view), ApiJson.Options)
            : Problems.FromReply(reply, http);
    }

    private async Task<IResult> PutAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var groupId))
        {
            return problem;
        }

        var body = await RequestDocument<GroupModel>.ReadAsync(http);
        if (body.Value is null)
        {
            return body.Problem!; // No value: there is a problem.
        }

        if (!GroupModelMapping.TryToDocument(body.Value, groupId, body.Places, out var document, out var faults))
        {
            return Problems.Faults(faults);
        }

        var reply = await commands.GroupAsync(http, groupId, new GroupCommand { PutGroup = new PutGroup { Document = document } });
        return reply.Accepted is null ? Problems.FromReply(reply, http) : Results.Json(GroupModelMapping.ToModel(document), ApiJson.Options);
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string id)
    {
        if (!RouteIdentity.TryRead(id, out var problem, out var groupId))
        {
            return problem;
        }

        var reply = await commands.GroupAsync(http, groupId, new GroupCommand { RemoveGroup = new RemoveGroup() });
        return reply.Accepted is null ? Problems.FromReply(reply, http) : Results.NoContent();
    }

    private async ValueTask<Viewed<GroupSummaryModel>> SummaryAsync(HttpContext http, string groupId)
    {
        var reply = await QueryAsync(http, groupId);
        return reply switch
        {
            { Accepted.Group: { Document: not null } view } => new(GroupModelMapping.ToSummary(view), null),
            { Unavailable: not null } => new(null, Problems.FromReply(reply, http)),
            _ => Viewed<GroupSummaryModel>.Gone,
        };
    }

    private ValueTask<Reply> QueryAsync(HttpContext http, string groupId) =>
        commands.GroupAsync(http, groupId, new GroupCommand { GetGroup = new GetGroup() });
}
