using System.Text;
using Mcptt.Api.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mcptt.Api.Endpoints;

/// <summary>GET /metrics, where Prometheus looks for it.</summary>
internal sealed class MetricsEndpoints(MetricsPage page)
{
    public const string Path = "/metrics";

    public void Map(IEndpointRouteBuilder root) =>
        // No part of /v1, and its form is Prometheus' own: the OpenAPI document has nothing to say about it.
        root.MapGet(Path, () => Results.Text(page.Write(), MetricsPage.ContentType, Encoding.UTF8)).ExcludeFromDescription();
}
