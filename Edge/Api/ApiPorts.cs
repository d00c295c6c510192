using Mcptt.Api.Metrics;
using Mcptt.Domain.Ports;

namespace Mcptt.Api;

/// <summary>What the API stands on: it has nothing of its own to remember.</summary>
public sealed record ApiPorts
{
    public required ICommandSink Commands { get; init; }

    public required IActorCatalog Catalog { get; init; }

    public required IAuditReader Audit { get; init; }

    public required ICallStories Stories { get; init; }

    public required IServerHealth Health { get; init; }

    public required MetricsPage Metrics { get; init; }

    public required INodeDirectory Nodes { get; init; }
}
