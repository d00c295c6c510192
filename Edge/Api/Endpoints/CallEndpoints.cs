using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

internal sealed class CallEndpoints(ApiCommands commands, Paging paging)
{
    // As the edge makes them; anything else is no call and need not wake an actor.
    private const int CallIdLength = 24;
    private const string ReleasedByOperator = "released by operator";

    public void Map(RouteGroupBuilder root)
    {
        var calls = root.MapGroup("/calls").WithTags("calls");
        calls.MapGet("/", ListAsync).WithName("listCalls").WithSummary("List calls under way, or with state=all every call of the journal").Produces<PageModel<CallModel>>();
        calls.MapGet("/{id}", GetAsync).WithName("getCall").WithSummary("A call, its legs and who talks").Produces<CallModel>().Produces<ProblemModel>(404, Problems.ContentType);
        calls.MapDelete("/{id}", ReleaseAsync).WithName("releaseCall").WithSummary("Release a call").Produces(204).Produces<ProblemModel>(404, Problems.ContentType);
    }

    private Task<IResult> ListAsync(HttpContext http, string? after, int? limit, string? state) =>
        state switch
        {
            null or "active" => paging.ListAsync(ActorKindName.Call, ActorScope.Live, after, limit, id => ViewAsync(http, id, endedToo: false), http.RequestAborted),
            "all" => paging.ListAsync(ActorKindName.Call, ActorScope.Known, after, limit, id => ViewAsync(http, id, endedToo: true), http.RequestAborted),
            _ => Task.FromResult(Problems.Parameter("state", $"\"{state}\" is no state", "write active or all")),
        };

    private async Task<IResult> GetAsync(HttpContext http, string id)
    {
        if (!IsCall(id))
        {
            return Unknown(id);
        }

        var reply = await commands.CallAsync(http, id, new CallCommand { GetCall = new GetCall() });
        if (reply.Accepted?.Call is not { } view)
        {
            return Problems.FromReply(reply, http);
        }

        var floor = await commands.FloorAsync(http, id, new FloorCommand { GetFloor = new GetFloor() });
        return Results.Json(CallModelMapping.ToModel(view, floor.Accepted?.Floor), ApiJson.Options);
    }

    private async Task<IResult> ReleaseAsync(HttpContext http, string id)
    {
        if (!IsCall(id))
        {
            return Unknown(id);
        }

        var reply = await commands.CallAsync(http, id, new CallCommand { Release = new ReleaseCall { Reason = ReleasedByOperator } });
        return reply.Accepted is null ? Problems.FromReply(reply, http) : Results.NoContent();
    }

    private async ValueTask<Viewed<CallModel>> ViewAsync(HttpContext http, string call, bool endedToo)
    {
        var reply = await commands.CallAsync(http, call, new CallCommand { GetCall = new GetCall() });
        return reply switch
        {
            { Accepted.Call: { } view } when endedToo || view.EndedUs == 0 => new(CallModelMapping.ToModel(view, null), null),
            { Unavailable: not null } => new(null, Problems.FromReply(reply, http)),
            _ => Viewed<CallModel>.Gone,
        };
    }

    private static bool IsCall(string id) => id.Length == CallIdLength && id.All(char.IsAsciiHexDigitLower);

    private static IResult Unknown(string id) => Problems.NotFound("call-unknown", $"there is no call \"{id}\"");
}
