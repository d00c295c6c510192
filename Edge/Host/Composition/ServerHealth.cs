using Mcptt.Api;

namespace Mcptt.Host.Composition;

/// <summary>The parts of the server that must work for it to be ready; each is asked when somebody wants to know.</summary>
internal sealed class ServerHealth(Func<bool> isServing, Func<string> journalFailure) : IServerHealth
{
    public IReadOnlyList<HealthCheck> Check()
    {
        var failure = journalFailure();
        return [new("engine", isServing(), isServing() ? "" : "starting or draining"), new("journal", failure.Length == 0, failure)];
    }
}
