using System.Net;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Tests.Sockets;

public sealed class EndpointKeyTests
{
    [Theory]
    [InlineData("9.255.255.255", false)]
    [InlineData("10.0.0.0", true)]
    [InlineData("10.255.255.255", true)]
    [InlineData("11.0.0.0", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.16.0.0", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("192.169.0.0", false)]
    [InlineData("100.63.255.255", false)]
    [InlineData("100.64.0.0", true)]
    [InlineData("100.127.255.255", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("169.254.7.7", true)]
    [InlineData("203.0.113.5", false)]
    [InlineData("fc00::1", true)]
    [InlineData("fdff::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("febf::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("2001:db8::1", false)]
    public void Private_addresses_are_told_from_public_ones(string address, bool isPrivate)
    {
        Assert.Equal(isPrivate, EndpointKey.From(new IPEndPoint(IPAddress.Parse(address), 1)).IsPrivate);
    }

    [Fact]
    public void Mapped_address_is_the_IPv4_address()
    {
        var address = IPAddress.Parse("192.0.2.1");

        Assert.Equal(EndpointKey.From(new IPEndPoint(address, 4000)), EndpointKey.From(new IPEndPoint(address.MapToIPv6(), 4000)));
    }

    [Fact]
    public void Port_and_host_both_count()
    {
        var key = EndpointKey.From(IPEndPoint.Parse("192.0.2.1:4000"));

        Assert.NotEqual(key, EndpointKey.From(IPEndPoint.Parse("192.0.2.1:4001")));
        Assert.NotEqual(key, EndpointKey.From(IPEndPoint.Parse("192.0.2.2:4000")));
        Assert.True(key.HasSameHost(EndpointKey.From(IPEndPoint.Parse("192.0.2.1:4001"))));
    }
}
