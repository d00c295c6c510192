namespace Mcptt.Api;

/// <summary>What the readiness answer is made of; asked at every request, so it only reads what is known already.</summary>
public interface IServerHealth
{
    IReadOnlyList<HealthCheck> Check();
}

public sealed record HealthCheck(string Name, bool Ready, string Detail = "");
