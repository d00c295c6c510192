using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcptt.Scenarios.Running;
using Mcptt.Testing;

namespace Mcptt.Scenarios.Peers;

/// <summary>What a broken or hostile peer sends, as text that no code of ours wrote, and the answer it gets.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Group = "sip:brigade@example.org";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Sdp = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 40000 RTP/AVP 0\na=rtpmap:0 PCMU/8000\n";

    private readonly TemporaryFolder _folder = new();
    private ServerProcess _server = null!; // Set before each test.
    private RawSip _phone = null!; // Set before each test.

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(_folder.File("data"));
        await _server.PutGroupAsync(Group, ServerProcess.Brigade("alice", "bob"));
        await _server.PutGroupAsync("sip:chat@example.org", new { sessionType = "chat", members = new[] { new { mcpttId = "sip:alice@example.org", implicitAffiliation = true } } });
        _phone = new RawSip(_server.SipPort);
        foreach (var user in new[] { "alice", "mallory" })
        {
            await _phone.SendAsync(_phone.Request("REGISTER", "sip:example.org", user, "Expires: 600").Replace("To: <sip:example.org>", $"To: <sip:{user}@example.org>", StringComparison.Ordinal));
            Assert.StartsWith("SIP/2.0 200", await _phone.ReceiveFinalAsync(Patience), StringComparison.Ordinal);
        }

        await _server.WaitForGroupAsync(Group, group => group.GetProperty("affiliated").GetArrayLength() == 1);
    }

    public async Task DisposeAsync()
    {
        _phone.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Clause("TS24.379 4.4")]
    public async Task Each_wrong_call_gets_its_status_and_warning()
    {
        await ExpectAsync(Invite("sip:nobody-knows@example.org", "alice"), "SIP/2.0 404", "113 ");
        await ExpectAsync(Invite(Group, "mallory"), "SIP/2.0 403", "116 ");
        await ExpectAsync(Invite("sip:chat@example.org", "alice", McpttInfo("prearranged", "sip:chat@example.org")), "SIP/2.0 404", "118 ");
        await ExpectAsync(Invite(Group, "alice", McpttInfo("chat", Group)), "SIP/2.0 404", "117 ");
        await ExpectAsync(Invite(Group, "alice", body: Sdp.Replace("m=audio 40000 RTP/AVP 0", "m=video 40000 RTP/AVP 34", StringComparison.Ordinal)), "SIP/2.0 488");
        await ExpectAsync(Invite(Group, "alice", body: "v=0\nthis is no SDP\n"), "SIP/2.0 400");
        await ExpectAsync(Invite(Group, "alice", body: Sdp, type: "application/x-unheard-of"), "SIP/2.0 415");
        await StillServesAsync();
    }

    [Fact]
    [Clause("RFC3261 8.2.1")]
    public async Task Unknown_and_unwanted_methods_are_told_so()
    {
        await ExpectAsync(_phone.Request("FROBNICATE", Group, "alice"), "SIP/2.0 501");
        // A malformed Expires is taken as 3600 (RFC 3261 10.2.1.1).
        await ExpectAsync(_phone.Request("REGISTER", "sip:example.org", "alice", "Expires: soon"), "SIP/2.0 200");
        await ExpectAsync(_phone.Request("BYE", Group, "alice", toTag: "nosuchtag"), "SIP/2.0 481");
        await ExpectAsync(_phone.Request("INVITE", Group, "alice", "Require: teleportation"), "SIP/2.0 420", "Unsupported: teleportation");
        await ExpectAsync(_phone.Request("OPTIONS", "sip:example.org", "alice"), "SIP/2.0 200", "Allow:");
        await StillServesAsync();
    }

    [Fact]
    [Clause("RFC3261 18.3")]
    public async Task A_content_length_that_lies_is_400_and_garbage_is_passed_over()
    {
        var lying = Invite(Group, "alice").Replace("Content-Length: ", "Content-Length: 9", StringComparison.Ordinal);
        await ExpectAsync(lying, "SIP/2.0 400");
        for (var i = 0; i < 200; i++)
        {
            await _phone.SendAsync([.. Enumerable.Range(0, 300).Select(octet => (byte)((octet * i) + i))]);
        }

        await StillServesAsync();
    }

    [Fact]
    public async Task Slow_and_half_open_tcp_senders_and_endless_headers_delay_nobody()
    {
        var slow = new List<TcpClient>();
        for (var i = 0; i < 50; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _server.SipPort);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("INVITE sip:brigade@example.org SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1"));
            slow.Add(client);
        }

        using var endless = new TcpClient();
        await endless.ConnectAsync(IPAddress.Loopback, _server.SipPort);
        var closed = await WriteUntilClosedAsync(endless, "X-Endless: " + new string('a', 4000) + "\r\n", maxBytes: 16 << 20);
        Assert.True(closed, "a request without end was read to 16 MiB");
        await StillServesAsync();
        slow.ForEach(client => client.Dispose());
    }

    private async Task StillServesAsync()
    {
        await _phone.SendAsync(_phone.Request("OPTIONS", "sip:example.org", "alice"));
        Assert.StartsWith("SIP/2.0 200", await _phone.ReceiveFinalAsync(TimeSpan.FromSeconds(2)), StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string request, params string[] expected)
    {
        await _phone.SendAsync(request);
        var response = await _phone.ReceiveFinalAsync(Patience);
        Assert.NotNull(response);
        Assert.All(expected, part => Assert.Contains(part, response, StringComparison.Ordinal));
        if (request.StartsWith("INVITE", StringComparison.Ordinal))
        {
            await _phone.SendAsync(Acknowledge(request, response));
        }
    }

    // ACK of a refused INVITE takes the branch of the INVITE and the To of the response (RFC 3261 17.1.1.3).
    private static string Acknowledge(string invite, string response)
    {
        var to = response.Split("\r\n").First(line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase));
        var kept = invite.ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n')
            .Where(line => line.Split(':')[0] is "Via" or "Max-Forwards" or "From" or "Call-ID" || line.StartsWith("INVITE", StringComparison.Ordinal));
        return string.Join("\n", kept).Replace("INVITE ", "ACK ", StringComparison.Ordinal) + $"\n{to}\nCSeq: 1 ACK\nContent-Length: 0\n\n";
    }

    private string Invite(string target, string user, string? info = null, string body = Sdp, string type = "application/sdp")
    {
        if (info is null)
        {
            return _phone.Request("INVITE", target, user, $"Content-Type: {type}", body);
        }

        var parts = $"--p\nContent-Type: application/vnd.3gpp.mcptt-info+xml\n\n{info}\n--p\nContent-Type: application/sdp\n\n{body}\n--p--\n";
        return _phone.Request("INVITE", "sip:mcptt@example.org", user, "Content-Type: multipart/mixed;boundary=p", parts);
    }

    private static string McpttInfo(string sessionType, string group) =>
        $"<?xml version=\"1.0\"?><mcpttinfo xmlns=\"urn:3gpp:ns:mcpttInfo:1.0\"><mcptt-Params><session-type>{sessionType}</session-type><mcptt-request-uri type=\"Normal\"><mcpttURI>{group}</mcpttURI></mcptt-request-uri></mcptt-Params></mcpttinfo>";

    private static async Task<bool> WriteUntilClosedAsync(TcpClient client, string line, int maxBytes)
    {
        var bytes = Encoding.ASCII.GetBytes(line);
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("OPTIONS sip:example.org SIP/2.0\r\n"));
            for (var sent = 0; sent < maxBytes; sent += bytes.Length)
            {
                await client.GetStream().WriteAsync(bytes);
            }
        }
        catch (IOException)
        {
            return true;
        }

        return false;
    }
}
