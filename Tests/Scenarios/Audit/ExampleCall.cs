using System.Net;
using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Sip;
using Mcptt.Scenarios.Running;
using Mcptt.Scenarios.Support;
using Mcptt.Ue;

namespace Mcptt.Scenarios.Audit;

/// <summary>
/// The call that the documents show: twelve members over real UDP at a server of its own, three bursts, a queue, a pre-emption, a late entry, a refused
/// join, somebody who may only listen. Each step waits until it has happened, so that the journal has the same course every time.
/// </summary>
internal sealed class ExampleCall : IAsyncDisposable
{
    private const string Group = "sip:brigade@example.org";
    private const string Chief = "dave";
    private const string Listener = "heidi";
    private const string Latecomer = "lena";

    private static readonly string[] Names = ["alice", "bob", "carol", Chief, "erin", "frank", "grace", Listener, "ivan", "judy", "ken", Latecomer];

    private static readonly object Brigade = new
    {
        displayName = "Brigade",
        queueDepth = 4,
        recorded = true,
        members = Names.Select(name => new { mcpttId = $"sip:{name}@example.org", userPriority = name == Chief ? 9 : 5, receiveOnly = name == Listener }),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Phone> _phones = [];
    private ServerProcess _server = null!; // Set by PlayAsync.

    private ExampleCall()
    {
    }

    public string Journal => _server.Journal;

    /// <summary>Of the server that still runs; recordings and journal are in it.</summary>
    public string Data => _folder.File("data");

    public static async Task<ExampleCall> PlayAsync()
    {
        var example = new ExampleCall();
        example._server = await ServerProcess.StartAsync(example.Data);
        await example._server.PutGroupAsync(Group, Brigade);
        await example.GatherAsync();
        await example.TalkAsync();
        await example.EndAsync();
        return example;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones.Values)
        {
            await phone.DisposeAsync();
        }

        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task GatherAsync()
    {
        foreach (var name in Names.Except([Latecomer]))
        {
            await AffiliateAsync(name);
        }

        await _server.WaitForGroupAsync(Group, group => group.GetProperty("affiliated").GetArrayLength() == Names.Length - 1);
        await _phones["alice"].CallAsync(Group);
        await Task.WhenAll(_phones.Values.Select(phone => phone.ExpectAllAsync("established", "idle")));
    }

    private async Task TalkAsync()
    {
        var (alice, carol, erin, dave) = (_phones["alice"], _phones["carol"], _phones["erin"], _phones[Chief]);
        alice.Press();
        await alice.ExpectAsync("granted");
        await WaitAsync(1.2);
        carol.Press();
        await carol.ExpectAsync("queued");
        await WaitAsync(0.5);
        erin.Press();
        await erin.ExpectAsync("queued", ("position", "2"));

        // Its client knows that it may not ask: only one that does not care sends this.
        _phones[Listener].Inject(FloorMessageType.FloorRequest);
        await Hearing.UntilAsync(() => _phones[Listener].Ue.Events.Since(0).Any(happened => happened.ToString().Contains("message=FloorDeny cause=5", StringComparison.Ordinal)));
        await RefuseAsync("mallory");
        var latecomer = await AffiliateAsync(Latecomer);
        await latecomer.ExpectAllAsync("established", "taken");
        await WaitAsync(0.8);
        alice.Release();
        await carol.ExpectAsync("granted");
        await WaitAsync(1.5);
        erin.PassOver();
        erin.Release();
        await erin.ExpectAsync("taken"); // Told again: her request is taken out of the queue before Dave's comes.
        dave.Press();
        await carol.ExpectAsync("revoked", ("cause", "4"));
        await dave.ExpectAsync("granted");
        await WaitAsync(1.5);
        dave.Release();
        await dave.ExpectAsync("released");
        await _phones["ken"].HangUpAsync();
        await WaitAsync(0.5);
    }

    private async Task EndAsync()
    {
        var call = (await _server.GroupAsync(Group)).GetProperty("call").GetString();
        using var api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.ApiPort}") };
        using var released = await api.DeleteAsync(new Uri($"/v1/calls/{call}", UriKind.Relative));
        Assert.True(released.IsSuccessStatusCode, await released.Content.ReadAsStringAsync());
        await Task.WhenAll(_phones.Where(phone => phone.Key is not ("ken" or "mallory")).Select(phone => phone.Value.ExpectAsync("ended")));
        await _server.WaitForGroupAsync(Group, group => !group.TryGetProperty("call", out var current) || current.GetString() is null or "");
    }

    private async Task<Phone> AffiliateAsync(string name)
    {
        var phone = Add(name);
        await phone.RegisterAsync();
        await phone.AffiliateAsync(Group);
        return phone;
    }

    private async Task RefuseAsync(string name)
    {
        var phone = Add(name);
        await phone.RegisterAsync();
        var failure = await phone.Ue.CallAsync(Group, implicitFloorRequest: false, CancellationToken.None);
        Assert.True(failure?.Contains("403", StringComparison.Ordinal) == true, $"{name} was not refused: {failure}");
    }

    private Phone Add(string name) =>
        _phones[name] = new Phone(new UeOptions { User = SipUri.Parse($"sip:{name}@example.org"), Server = new IPEndPoint(IPAddress.Loopback, _server.SipPort) });

    private static Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));
}
