using System.Globalization;
using Akka.Actor;

namespace Mcptt.Actors.Akka.Membership;

internal static class AkkaAddresses
{
    public static IReadOnlyList<Address> Parse(AkkaOptions options) => [.. options.SeedNodes.Select(node => Parse(options.SystemName, node))];

    private static Address Parse(string system, string node)
    {
        var colon = node.LastIndexOf(':');
        return colon > 0 && int.TryParse(node.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new Address("akka.tcp", system, node[..colon].Trim('[', ']'), port)
            : throw new ArgumentException($"\"{node}\" is no HOST:PORT", nameof(node));
    }
}
