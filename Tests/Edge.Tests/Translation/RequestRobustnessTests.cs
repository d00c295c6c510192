using System.Text;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using static Mcptt.Edge.Tests.Translation.TranslationBench;

namespace Mcptt.Edge.Tests.Translation;

public sealed class RequestRobustnessTests
{
    private const int Rounds = 6_000;

    private static readonly string[] Splinters =
    [
        "\"", "<", ">", ";", ",", ":", "=", "@", "%", "%00", "%zz", "\u00e9", "[::1]", "tel:+4912", "sips:", "mailto:a@b", "*", "0", "4294967296", "\r\n", "\r\n ", "tag=", "expires=",
        "application/sdp", "multipart/mixed", "<sip:x>", "call-0123456789abcdef01234567", "c0123456789abcdef01234567l1", "Authorization: Digest nonce=\"x\",realm=\"example.org\"\r\n",
        "Contact: <tel:+49>\r\n", "Event: presence\r\n", "P-Asserted-Identity: <tel:+49>\r\n", "Path: <sip:p>\r\n", "Record-Route: <sip:r>\r\n",
    ];

    [Fact]
    public async Task Whatever_parses_is_answered_and_never_throws()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var benches = new[] { new TranslationBench().WithAlice().WithPassword(), new TranslationBench(options => options with { Open = true }).WithAlice() };
        var samples = Samples().ToArray();
        var answered = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = Damage(random, samples[random.Next(samples.Length)]);
            if (SipParser.TryParse(Encoding.UTF8.GetBytes(text), out var message) && message is RequestMessage { Method: not ("ACK" or "CANCEL") })
            {
                answered++;
                var remote = random.Next(3) switch { 0 => AliceRemote, 1 => "203.0.113.5:5060", _ => "192.0.2.66:5060" };
                var failure = await Record.ExceptionAsync(() => benches[round % 2].SendAsync(text, remote));
                Assert.True(failure is null, $"seed {seed}, round {round}: {failure}\n{text}");
            }
        }

        Assert.True(answered > Rounds / 20, $"seed {seed}: only {answered} of {Rounds} were requests at all");
    }

    private static IEnumerable<string> Samples()
    {
        const string Contact = "Contact: <sip:alice@192.0.2.10:5060>;+g.3gpp.mcptt;+sip.instance=\"<urn:uuid:1>\";expires=60";
        const string Info = "<mcpttinfo><mcptt-Params><session-type>private</session-type><mcptt-request-uri>sip:brigade@example.org</mcptt-request-uri></mcptt-Params></mcpttinfo>";
        const string Lists = "<resource-lists><list><entry uri=\"sip:brigade@example.org\"/></list></resource-lists>";
        const string Pidf = "<presence entity=\"sip:alice@example.org\"><tuple id=\"client-7\"><status><affiliation group=\"sip:brigade@example.org\"/></status></tuple></presence>";
        const string Tag = "<sip:brigade@example.org>;tag=c0123456789abcdef01234567l1";
        var body = Multipart(("application/sdp", Offer), ("application/vnd.3gpp.mcptt-info+xml", Info), ("application/resource-lists+xml", Lists));
        string[] requests =
        [
            Request("REGISTER", extra: Contact),
            Request("INVITE", extra: $"{Contact}\nSession-Expires: 1800;refresher=uac\nMin-SE: 90", contentType: "multipart/mixed;boundary=b1", body: body),
            Request("INVITE", "sip:call-0123456789abcdef01234567@198.51.100.1;gr=x", extra: Contact, contentType: "application/sdp", body: Offer),
            Request("INVITE", to: Tag, extra: Contact, contentType: "application/sdp", body: Offer),
            Request("BYE", to: Tag, extra: "Reason: SIP;cause=200"),
            Request("PUBLISH", extra: "Event: presence\nExpires: 4294967295\nSIP-If-Match: Y2xpZW50.1", contentType: "application/pidf+xml", body: Pidf),
            Request("SUBSCRIBE", extra: $"{Contact}\nEvent: presence"),
            Request("OPTIONS"),
            Request("INFO", to: Tag),
        ];
        return requests.Select(request => request.ReplaceLineEndings("\r\n"));
    }

    private static string Damage(Random random, string text)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text.Insert(at, Splinters[random.Next(Splinters.Length)]),
                1 => text.Remove(at, Math.Min(random.Next(1, 9), text.Length - at)),
                _ => text.Insert(at, text.Substring(at, Math.Min(random.Next(1, 30), text.Length - at))),
            };
        }

        return text;
    }
}
