#if WITH_AKKA
using Xunit.Abstractions;

namespace Mcptt.Scenarios.Cluster;

/// <summary>The same calls with the Akka.NET engine.</summary>
public sealed class AkkaCallTests : ClusterCallTests
{
    private protected override SiteEngine Engine => new AkkaSite();
}

/// <summary>The same upgrade with the Akka.NET engine.</summary>
public sealed class AkkaRollingRestartTests(ITestOutputHelper output) : RollingRestartTests(output)
{
    private protected override SiteEngine Engine => new AkkaSite();
}
#endif
