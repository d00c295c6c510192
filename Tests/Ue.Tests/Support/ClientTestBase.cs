using Mcptt.Protocol.Mcptt;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Ue.Tests.Support;

/// <summary>A client and its scripted server over loopback.</summary>
public abstract class ClientTestBase : IAsyncLifetime
{
    internal const string Group = "sip:brigade@example.org";
    internal const string User = "sip:alice@example.org";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private protected ScriptedServer Server { get; } = new();

    private protected EventPlace Place { get; } = new();

    private protected UeClient Client { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        await Server.StartAsync();
        await OpenAsync(options => options);
    }

    public virtual async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    private protected async Task OpenAsync(Func<UeOptions, UeOptions> change)
    {
        if (Client is not null)
        {
            await Client.DisposeAsync();
        }

        var options = new UeOptions { User = SipUri.Parse(User), Password = "secret", Server = Server.Endpoint };
        Client = UeClient.Create(change(options), TimeProvider.System, NullLoggerFactory.Instance);
        await Client.StartAsync(CancellationToken.None);
    }

    private protected async Task<UeEvent> ExpectAsync(string word)
    {
        var found = await Client.Events.WaitForAsync(Place, happened => happened.Word == word, Patience, CancellationToken.None);
        Assert.True(found is not null, $"no {word} among: {string.Join("; ", Client.Events.Since(0))}");
        return found;
    }

    /// <summary>So that the server knows the client's address.</summary>
    private protected async Task RegisterAsync()
    {
        Server.On(SipMethods.Register, 200);
        Assert.Null(await Client.RegisterAsync(null, CancellationToken.None));
    }

    private protected static ResponseMessage WithSdp(ResponseMessage response, string sdp)
    {
        response.Headers.Set(SipHeaderNames.Contact, "<sip:call-1@192.0.2.1;gr=1>;isfocus");
        response.SetBody(McpttMimeTypes.Sdp, sdp);
        return response;
    }

    private protected static string Sdp(int rtpPort = 9, int floorPort = 9, string fmtp = "mc_queueing") =>
        string.Join("\r\n",
        [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", $"m=audio {rtpPort} RTP/AVP 0", $"m=application {floorPort} udp MCPTT",
            $"a=fmtp:MCPTT {fmtp}", "",
        ]);
}
