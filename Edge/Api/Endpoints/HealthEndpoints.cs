using Mcptt.Api.Json;
using Mcptt.Api.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

internal sealed class HealthEndpoints(IServerHealth health, ApiOptions options)
{
    public void Map(RouteGroupBuilder root)
    {
        var routes = root.MapGroup("/health").WithTags("health");
        routes.MapGet("/live", Live).WithName("live").WithSummary("The process answers").Produces<HealthModel>();
        routes.MapGet("/ready", Ready).WithName("ready").WithSummary("Every part of the server can do its work").Produces<HealthModel>().Produces<HealthModel>(503);
    }

    private IResult Live() => Results.Json(Model("live", []), ApiJson.Options);

    private IResult Ready()
    {
        var checks = health.Check();
        var ready = checks.All(check => check.Ready);
        var status = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Results.Json(Model(ready ? "ready" : "not-ready", checks), ApiJson.Options, statusCode: status);
    }

    private HealthModel Model(string status, IReadOnlyList<HealthCheck> checks) =>
        new()
        {
            Status = status,
            Node = options.NodeName,
            Version = options.Version,
            Roles = options.Roles,
            Checks =
            [
                .. checks.Select(check => new HealthCheckModel
                {
                    Name = check.Name,
                    Ready = check.Ready,
                    Detail = Wire.OrNull(check.Detail),
                }),
            ],
        };
}
