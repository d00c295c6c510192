using System.Diagnostics.Metrics;

namespace Mcptt.Api.Metrics;

/// <summary>Makes the meters of one server, so that what it shows is its own and not that of another one in the same process.</summary>
public sealed class ServerMeters : IMeterFactory
{
    /// <summary>The whole meter is its part's to dispose.</summary>
    public Meter Create(MeterOptions options) => new(new MeterOptions(options.Name) { Version = options.Version, Tags = options.Tags, Scope = this });

    public void Dispose()
    {
        // Nothing is kept here.
    }
}
