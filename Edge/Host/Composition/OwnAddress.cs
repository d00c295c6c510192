using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Composition;

/// <summary>The address that phones are told for voice, where configuration leaves it open.</summary>
internal static class OwnAddress
{
    /// <summary>What SDP shows: as configured, or what SIP shows if that is an IP address, or the first listener's, or this machine's.</summary>
    public static IPAddress OfMedia(ServerOptions options) =>
        IPAddress.TryParse(options.Media.Address, out var media) ? media
        : IPAddress.TryParse(options.Sip.AdvertisedAddress.Trim('[', ']'), out var sip) ? sip
        : Concrete(options.Sip.Listeners[0].EndPoint.Address);

    private static IPAddress Concrete(IPAddress address) =>
        address.Equals(IPAddress.Any) ? OfMachine(AddressFamily.InterNetwork) ?? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? OfMachine(AddressFamily.InterNetworkV6) ?? IPAddress.IPv6Loopback
        : address;

    // The interface that leads on (it has a gateway) before one that does not, such as a container bridge.
    private static IPAddress? OfMachine(AddressFamily family) =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(network => network.GetIPProperties())
            .OrderByDescending(properties => properties.GatewayAddresses.Any(gateway => gateway.Address.AddressFamily == family && !IsNone(gateway.Address)))
            .SelectMany(properties => properties.UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == family && !address.IsIPv6LinkLocal);

    private static bool IsNone(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
