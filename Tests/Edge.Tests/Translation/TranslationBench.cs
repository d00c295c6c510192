using System.Net;
using System.Text;
using Mcptt.Edge.Registrar;
using Mcptt.Edge.Translation;
using Mcptt.Edge.Transports;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Edge.Tests.Translation;

/// <summary>The whole translation over a fake sink: text of a request in, answer and commands out.</summary>
internal sealed class TranslationBench
{
    public const string Alice = "sip:alice@example.org";
    public const string Group = "sip:brigade@example.org";
    public const string AliceRemote = "192.0.2.10:5060";
    public const string Offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";

    public TranslationBench(Func<SipEdgeOptions, SipEdgeOptions>? configure = null)
    {
        var options = new SipEdgeOptions
        {
            NodeName = "edge1",
            AdvertisedHost = "198.51.100.1",
            Domains = ["example.org"],
            MaxAuthenticationFailuresPerMinute = 3,
            Upstreams = [new SipUpstreamOptions("core", [IPAddress.Parse("203.0.113.5")], Trusted: true)],
        };
        Options = configure?.Invoke(options) ?? options;
        Own = new OwnAddresses(Options, [new SipListener(SipTransport.Udp, IPEndPoint.Parse("198.51.100.1:5060"))], (_, _) => ("198.51.100.1", 5060));
        var stamp = new CommandStamp(Clock);
        var commands = new CommandSender(Sink, Clock);
        var digest = new DigestAuthenticator(new ActorSubscriberDirectory(Sink, Clock), Clock, Options, Own.Realm, NullLogger.Instance);
        var callers = new CallerIdentification(Options, Own, digest, commands, stamp);
        Router = new RequestRouter(
            Own,
            new RegisterTranslation(Options, Own, digest, commands, stamp),
            new PublishTranslation(Own, callers, commands, stamp),
            new SubscribeTranslation(Own, callers, commands, stamp),
            new InviteTranslation(Own, callers, commands, stamp),
            new DialogTranslation(Own, callers, commands, stamp),
            () => IsReady);
    }

    /// <summary>Whether the node says that it can serve.</summary>
    public bool IsReady { get; set; } = true;

    public FakeClock Clock { get; } = new();

    public FakeSink Sink { get; } = new();

    public SipEdgeOptions Options { get; }

    public OwnAddresses Own { get; }

    public RequestRouter Router { get; }

    /// <summary>Alice is registered from <see cref="AliceRemote"/> with client-7.</summary>
    public TranslationBench WithAlice(bool mcpttClient = true)
    {
        Sink.Users[Alice] = new UeView
        {
            Profile = new UserProfile { McpttId = Alice },
            Bindings =
            {
                new Binding
                {
                    Client = new ClientContact
                    {
                        McpttId = Alice,
                        ClientId = "client-7",
                        ContactUri = "sip:alice@192.0.2.10:5060",
                        McpttClient = mcpttClient,
                        Flow = FlowFrom(AliceRemote),
                    },
                },
            },
        };
        return this;
    }

    public TranslationBench WithPassword(string mcpttId = Alice, string password = "secret", params string[] algorithms)
    {
        var user = SipUri.Parse(mcpttId).User!;
        var profile = new UserProfile { McpttId = mcpttId, Realm = Own.Realm };
        foreach (var algorithm in algorithms.Length == 0 ? ["SHA-256", "MD5"] : algorithms)
        {
            profile.Ha1[algorithm] = DigestResponse.SecretHash(algorithm, user, Own.Realm, password);
        }

        Sink.Profiles[mcpttId] = profile;
        return this;
    }

    public static Flow FlowFrom(string remote) => new() { EdgeNode = "edge1", Transport = Transport.Udp, Remote = remote };

    public async Task<ResponseMessage?> SendAsync(string request, string remote = AliceRemote)
    {
        var (outcome, message) = await RouteAsync(request, remote);
        return outcome.Answer?.ToResponse(message, "default-tag");
    }

    public async Task<(InviteOutcome Outcome, RequestMessage Message)> RouteAsync(string request, string remote = AliceRemote)
    {
        var message = Parse(request);
        var upstream = Options.Upstreams.FirstOrDefault(upstream => upstream.Addresses.Contains(IPEndPoint.Parse(remote).Address));
        return (await Router.RouteAsync(new InboundRequest(message, FlowFrom(remote), upstream), CancellationToken.None), message);
    }

    public static RequestMessage Parse(string request)
    {
        var text = request.ReplaceLineEndings("\r\n");
        Assert.True(SipParser.TryParse(Encoding.UTF8.GetBytes(text), out var message, out var error), $"{error}\n{text}");
        return Assert.IsType<RequestMessage>(message);
    }

    /// <summary>A request with the usual fields; extra header lines and a body may follow.</summary>
    public static string Request(
        string method,
        string requestUri = "sip:mcptt@example.org",
        string from = $"<{Alice}>;tag=f1",
        string to = "<sip:mcptt@example.org>",
        string extra = "",
        string contentType = "",
        string body = "",
        string branch = "z9hG4bKone",
        uint cseq = 1)
    {
        var head = $"{method} {requestUri} SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch={branch}\nMax-Forwards: 70\nFrom: {from}\nTo: {to}\nCall-ID: call1@192.0.2.10\nCSeq: {cseq} {method}\n";
        var lines = extra.Length == 0 ? "" : extra.Trim('\n') + "\n";
        var type = contentType.Length == 0 ? "" : $"Content-Type: {contentType}\n";
        return $"{head}{lines}{type}\n{body}";
    }

    public static string Multipart(params (string Type, string Body)[] parts) =>
        string.Concat(parts.Select(part => $"--b1\r\nContent-Type: {part.Type}\r\n\r\n{part.Body}\r\n")) + "--b1--\r\n";
}
