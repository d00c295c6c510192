using System.Globalization;
using Mcptt.Api.Events;
using Mcptt.Api.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

/// <summary>What happens now, as server-sent events.</summary>
internal sealed class EventEndpoints(EventStreams streams)
{
    private const string LastEventId = "Last-Event-ID";

    public void Map(RouteGroupBuilder root) =>
        root.MapGet("/events", (HttpContext http, string[]? kind, string? after) => FollowAsync(http, kind ?? [], after))
            .WithTags("events")
            .WithName("followEvents")
            .WithSummary("Calls, talkers, registrations, nodes and shards as they change, as server-sent events; resumed by Last-Event-ID or after")
            .Produces<ServerEventModel>(200, "text/event-stream")
            .Produces<ProblemModel>(400, Problems.ContentType)
            .Produces<ProblemModel>(503, Problems.ContentType);

    private async Task<IResult> FollowAsync(HttpContext http, string[] kinds, string? after)
    {
        var written = http.Request.Headers[LastEventId].ToString() is { Length: > 0 } last ? last : after ?? "";
        if (written.Length > 0 && !(long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return Problems.Parameter("after", $"\"{written}\" is no place in the journal", "write the id of the last event that came");
        }

        long? place = written.Length > 0 ? long.Parse(written, CultureInfo.InvariantCulture) : null;
        if (!EventWish.TryRead(kinds, place, out var wish, out var fault))
        {
            return Problems.Parameter("kind", fault, "write one of them, or the beginning of some");
        }

        // Who may only monitor learns nothing of persons and calls.
        return await streams.ServeAsync(http, http.User.IsInRole(ApiRoles.Operator) ? wish : wish.OfClusterOnly());
    }
}
