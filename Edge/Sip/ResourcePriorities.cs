namespace Mcptt.Edge;

/// <summary>
/// Resource-Priority of the INVITEs that this server sends, by what the call is (RFC 8101, TS 24.379 6.3.3.1.19; the service configuration's
/// emergency-, imminent-peril- and normal-resource-priority). Empty: no such header field.
/// </summary>
public sealed record ResourcePriorities
{
    public string Emergency { get; init; } = "mcpttp.15";

    public string ImminentPeril { get; init; } = "mcpttp.14";

    public string Normal { get; init; } = "";

    internal string Of(bool emergency, bool imminentPeril) => emergency ? Emergency : imminentPeril ? ImminentPeril : Normal;
}
