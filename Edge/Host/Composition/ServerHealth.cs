using Mcptt.Api;

namespace Mcptt.Host.Composition;

/// <summary>The parts of the server that must work for it to be ready; each is asked when somebody wants to know. Seals hinder no call: they are only told of.</summary>
internal sealed class ServerHealth(Func<bool> isServing, Func<string> engineFailure, Func<string> journalFailure, Func<string> seals) : IServerHealth
{
    public IReadOnlyList<HealthCheck> Check()
    {
        var engine = isServing() ? engineFailure() : "starting or draining";
        var journal = journalFailure();
        return [new("engine", engine.Length == 0, engine), new("journal", journal.Length == 0, journal), new("seals", true, seals())];
    }
}
