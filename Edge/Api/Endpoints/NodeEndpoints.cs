using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Mcptt.Domain.Nodes;
using Mcptt.Domain.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

/// <summary>Nodes and their shards, as this node last saw them, and what an operator may order of them.</summary>
internal sealed class NodeEndpoints(INodeDirectory directory, ApiOptions options)
{
    public void Map(RouteGroupBuilder root)
    {
        var nodes = root.MapGroup("/nodes").WithTags("nodes");
        nodes.MapGet("/", ListNodes).WithName("listNodes").WithSummary("Nodes that live").Produces<NodeListModel>();
        nodes.MapGet("/{name}", GetNode).WithName("getNode").WithSummary("A node and its shards").Produces<NodeModel>().Produces<ProblemModel>(404, Problems.ContentType);
        nodes
            .MapPost("/{name}/drain", (HttpContext http, string name) => DrainAsync(http, name, draining: true))
            .WithName("drainNode")
            .WithSummary("Hand the node's shards over; it takes neither shards nor media sessions until it is undrained or restarted")
            .Produces(204)
            .Produces<ProblemModel>(404, Problems.ContentType)
            .Produces<ProblemModel>(409, Problems.ContentType);
        nodes
            .MapPost("/{name}/undrain", (HttpContext http, string name) => DrainAsync(http, name, draining: false))
            .WithName("undrainNode")
            .WithSummary("Let the node take shards and media sessions again")
            .Produces(204)
            .Produces<ProblemModel>(404, Problems.ContentType)
            .Produces<ProblemModel>(409, Problems.ContentType);
        var shards = root.MapGroup("/shards").WithTags("nodes");
        shards.MapGet("/", ListShards).WithName("listShards").WithSummary("Shards and who owns them").Produces<ShardListModel>();
        shards
            .MapPost("/{id:int}/move", MoveAsync)
            .WithName("moveShard")
            .WithSummary("Want a shard on a node, or with an empty name wherever it fits; it moves by and by")
            .Accepts<ShardMoveModel>("application/json")
            .Produces(204)
            .Produces<ProblemModel>(400, Problems.ContentType)
            .Produces<ProblemModel>(404, Problems.ContentType)
            .Produces<ProblemModel>(409, Problems.ContentType);
    }

    private IResult ListNodes()
    {
        var picture = directory.Read();
        var items = picture.Members.OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.Instance).Select(member => Model(picture, member));
        return Results.Json(new NodeListModel { Items = [.. items], SeenBy = options.NodeName, OutOfDate = Wire.OrNull(picture.Failure) }, ApiJson.Options);
    }

    private IResult GetNode(string name)
    {
        var picture = directory.Read();
        var found = picture.Members.Where(member => member.Name == name).MaxBy(member => member.Instance);
        return found is null ? Problems.NotFound("node-unknown", $"there is no node \"{name}\"") : Results.Json(Model(picture, found), ApiJson.Options);
    }

    private IResult ListShards()
    {
        var picture = directory.Read();
        var names = picture.Members.ToDictionary(member => member.Instance, member => member.Name);
        var items = picture.Shards.Select(place => new ShardModel
        {
            Shard = place.Shard,
            Node = names.GetValueOrDefault(place.Owner),
            Epoch = place.Epoch,
            PinnedTo = Wire.OrNull(place.Pinned),
        });
        return Results.Json(new ShardListModel { Items = [.. items], SeenBy = options.NodeName, OutOfDate = Wire.OrNull(picture.Failure) }, ApiJson.Options);
    }

    // The type, as wherever there is a body, keeps plain web forms of other sites out.
    private async Task<IResult> DrainAsync(HttpContext http, string name, bool draining) =>
        http.Request.HasJsonContentType() ? Answer(await directory.DrainAsync(name, draining, http.RequestAborted)) : Problems.NotJson();

    private async Task<IResult> MoveAsync(HttpContext http, int id)
    {
        var body = await RequestDocument<ShardMoveModel>.ReadAsync(http);
        return body.Value is null
            ? body.Problem! // No value: there is a problem.
            : Answer(await directory.MoveAsync(id, body.Value.Node, http.RequestAborted));
    }

    private static IResult Answer(NodeOrder order) =>
        order.Outcome switch
        {
            NodeOrderOutcome.Ordered => Results.NoContent(),
            NodeOrderOutcome.UnknownNode => Problems.NotFound("node-unknown", order.Detail),
            NodeOrderOutcome.UnknownShard => Problems.NotFound("shard-unknown", order.Detail),
            NodeOrderOutcome.TakesNoShards => Problems.Of(StatusCodes.Status409Conflict, "node-takes-no-shards", "The node takes no shards", order.Detail),
            NodeOrderOutcome.NotPossible => Problems.Of(StatusCodes.Status409Conflict, "one-node", "There is only one node", order.Detail),
            _ => Problems.Of(StatusCodes.Status503ServiceUnavailable, "cluster", "The cluster cannot do this now", order.Detail),
        };

    private static NodeModel Model(ClusterPicture picture, ClusterMember member) =>
        new()
        {
            Name = member.Name,
            Instance = member.Instance,
            Address = Wire.OrNull(member.Address),
            Roles = member.Roles,
            Site = Wire.OrNull(member.Site),
            Version = member.Version,
            StartedAt = member.Started,
            Draining = member.Draining,
            Shards = [.. picture.Shards.Where(place => place.Owner == member.Instance).Select(place => place.Shard)],
            MediaLoad = member.MediaLoad,
        };
}
