using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Ue.Tests;

public sealed class TcpTests
{
    [Fact]
    [Clause("RFC3261 18")]
    public async Task A_client_over_TCP_registers_and_is_called_on_its_own_connection()
    {
        await using var server = new ScriptedServer(SipTransport.Tcp);
        await server.StartAsync();
        server.On(SipMethods.Register, 200);
        var options = new UeOptions { User = SipUri.Parse(ClientTestBase.User), Server = server.Endpoint, Transport = SipTransport.Tcp };
        await using var client = UeClient.Create(options, TimeProvider.System, NullLoggerFactory.Instance);
        await client.StartAsync(CancellationToken.None);
        Assert.Null(await client.RegisterAsync(null, CancellationToken.None));
        var register = await server.TakeAsync(SipMethods.Register);
        Assert.Equal(("TCP", "tcp"), (register.TopVia.Transport, register.Contacts[0].Uri?.Parameters["transport"]));

        var probe = RequestMessage.Create(
            SipMethods.Options, register.Contacts[0].Uri!, NameAddr.Parse("<sip:mcptt@example.org>;tag=srv"), NameAddr.Parse($"<{ClientTestBase.User}>"), "probe", 1);
        Assert.Equal(200, (await server.SendAsync(probe)).Response?.StatusCode);
    }
}
