namespace Mcptt.Host.Configuration;

/// <summary>Keys of the Resource-Priority header field (RFC 8101).</summary>
internal static class ResourcePriorityKeys
{
    private const int Levels = 16;

    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [
            Key("emergency", "an emergency call", sip => sip.EmergencyPriority, (sip, value) => sip with { EmergencyPriority = value }),
            Key("imminentPeril", "an imminent peril call", sip => sip.ImminentPerilPriority, (sip, value) => sip with { ImminentPerilPriority = value }),
            Key("normal", "any other call", sip => sip.NormalPriority, (sip, value) => sip with { NormalPriority = value }),
        ];

    private static ConfigurationKey<string> Key(string name, string what, Func<SipOptions, string> get, Func<SipOptions, string, SipOptions> set) =>
        new(
            $"sip.resourcePriority.{name}",
            "",
            $"Resource-Priority of the INVITEs of {what}. Empty: none.",
            new TextKind("mcpttp.0 to mcpttp.15 or mcpttq.0 to mcpttq.15", text => text.Length == 0 || IsPriority(text), "write for instance \"mcpttp.15\" or \"mcpttq.8\""),
            options => get(options.Sip),
            (options, value) => options with { Sip = set(options.Sip, value) }
        );

    private static bool IsPriority(string text) =>
        text.Split('.') is ["mcpttp" or "mcpttq", var level] && byte.TryParse(level, out var number) && number < Levels && level == $"{number}";
}
