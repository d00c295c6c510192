using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Floor;

/// <summary>
/// What a site configures for timers and counters that a group's document leaves open (0). They are put into the order that opens the
/// floor, so the call's events hold the values that it ran with, whatever is configured later.
/// </summary>
internal static class SiteFloorRules
{
    public static Command Apply(Command command, FloorRules site)
    {
        if (command.Floor?.Open is null)
        {
            return command;
        }

        var filled = command.Clone();
        var rules = filled.Floor.Open.Rules ??= new FloorRules();
        rules.T1Ms = Either(rules.T1Ms, site.T1Ms);
        rules.T2Ms = Either(rules.T2Ms, site.T2Ms);
        rules.T3Ms = Either(rules.T3Ms, site.T3Ms);
        rules.T4Ms = Either(rules.T4Ms, site.T4Ms);
        rules.T7Ms = Either(rules.T7Ms, site.T7Ms);
        rules.T8Ms = Either(rules.T8Ms, site.T8Ms);
        rules.T11Ms = Either(rules.T11Ms, site.T11Ms);
        rules.T12Ms = Either(rules.T12Ms, site.T12Ms);
        rules.T20Ms = Either(rules.T20Ms, site.T20Ms);
        rules.C7 = Either(rules.C7, site.C7);
        rules.C20 = Either(rules.C20, site.C20);
        rules.MaxQueueTimeMs = Either(rules.MaxQueueTimeMs, site.MaxQueueTimeMs);
        rules.ReleaseNumber = Either(rules.ReleaseNumber, site.ReleaseNumber);
        return filled;
    }

    private static uint Either(uint ofTheGroup, uint ofTheSite) => ofTheGroup == 0 ? ofTheSite : ofTheGroup;
}
