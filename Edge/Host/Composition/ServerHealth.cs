using Mcptt.Api;

namespace Mcptt.Host.Composition;

/// <summary>The parts of the server that must work for it to be ready; each is asked when somebody wants to know. Seals hinder no call: they are only told of.</summary>
internal sealed class ServerHealth(Func<bool> isServing, Func<string> journalFailure, Func<string> seals) : IServerHealth
{
    public IReadOnlyList<HealthCheck> Check()
    {
        var failure = journalFailure();
        return [new("engine", isServing(), isServing() ? "" : "starting or draining"), new("journal", failure.Length == 0, failure), new("seals", true, seals())];
    }
}
