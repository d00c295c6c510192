using System.Net;
using System.Text.Json;
using Mcptt.Protocol.Sip;
using Mcptt.Scenarios.Running;
using Mcptt.Scenarios.Support;
using Mcptt.Ue;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;

namespace Mcptt.Scenarios.Crash;

/// <summary>A server in a process of its own, which a test kills, and four clients of one group in the test's process, which live on.</summary>
internal sealed class KillableScene : IAsyncDisposable
{
    public const string Group = "sip:brigade@example.org";
    public static readonly string[] Names = ["alice", "bob", "carol", "dave"];

    // A restart takes seconds: as long as it lasts the clients ask again each second (T100, T101), as users would press again.
    private static readonly ParticipantOptions PatientFloor = new() { C100 = 30, C101 = 30 };
    private const int Told = 25;
    private static readonly TimeSpan RingingLimit = TimeSpan.FromSeconds(10);

    // Nobody outranks anybody: who asks while another talks is queued.
    private static object Brigade(bool recorded) =>
        new
        {
            displayName = "Brigade",
            queueDepth = 8,
            recorded,
            members = Names.Select(name => new { mcpttId = $"sip:{name}@example.org", userPriority = 5 }),
        };

    private readonly TemporaryFolder _folder = new();

    private KillableScene()
    {
    }

    public ServerProcess Server { get; private set; } = null!; // Set by OpenAsync.

    public AudioLedger Ledger { get; } = new(TimeProvider.System);

    public IReadOnlyList<Phone> Phones { get; private set; } = [];

    public Phone Alice => Phones[0];

    public Phone Bob => Phones[1];

    public Phone Carol => Phones[2];

    public Phone Dave => Phones[3];

    /// <param name="start">Starts the server with the given data folder; null: as it comes.</param>
    /// <param name="recorded">The group's calls are recorded.</param>
    public static async Task<KillableScene> OpenAsync(Func<string, Task<ServerProcess>>? start = null, bool recorded = false)
    {
        var scene = new KillableScene();
        scene.Server = await (start ?? (data => ServerProcess.StartAsync(data)))(scene._folder.File("data"));
        await scene.Server.PutGroupAsync(Group, Brigade(recorded));
        scene.Phones = [.. Names.Select(scene.NewPhone)];
        foreach (var phone in scene.Phones)
        {
            await phone.RegisterAsync();
            await phone.AffiliateAsync(Group);
        }

        await scene.Server.WaitForGroupAsync(Group, group => group.GetProperty("affiliated").GetArrayLength() == Names.Length);
        return scene;
    }

    public async Task RestartAsync()
    {
        await Server.KillAsync();
        await Server.StartAsync();
    }

    /// <summary>What has happened up to now answers no later expectation.</summary>
    public void PassOver()
    {
        foreach (var phone in Phones)
        {
            phone.PassOver();
        }
    }

    /// <summary>All of them in a call that the first one makes; each was told that the floor is idle, so the floor knows them all.</summary>
    public async Task CallAsync()
    {
        PassOver();
        if (await Alice.Ue.CallAsync(Group, implicitFloorRequest: false, CancellationToken.None) is not null)
        {
            await RedialAsync();
        }

        await Task.WhenAll(Phones.Select(phone => phone.ExpectAllAsync("established", "idle")));
    }

    public Task AllAsync(string word) => Task.WhenAll(Phones.Select(phone => phone.ExpectAsync(word)));

    /// <summary>The group's call as the API shows it; fails when there is none.</summary>
    public async Task<JsonElement> CallViewAsync()
    {
        var group = await Server.WaitForGroupAsync(Group, state => CallOf(state) is { Length: > 0 });
        return await Server.GetAsync($"/v1/calls/{CallOf(group)}");
    }

    /// <summary>Voice of the talker comes to each of the listeners from now on.</summary>
    public async Task HearsOnAsync(Phone talker, params Phone[] listeners)
    {
        foreach (var listener in listeners)
        {
            var before = Ledger.Of(listener.User, talker.User).DistinctFrames;
            await Hearing.UntilAsync(() => Ledger.Of(listener.User, talker.User).DistinctFrames > before + 5);
            Assert.True(Ledger.Of(listener.User, talker.User).DistinctFrames > before + 5, $"{listener.User} does not hear {talker.User}");
        }
    }

    /// <summary>Three leave, each BYE answered 200; the call ends for the fourth.</summary>
    public async Task LeaveAsync()
    {
        PassOver();
        await Alice.HangUpAsync();
        await Bob.HangUpAsync();
        await Carol.HangUpAsync();
        await Dave.ExpectAsync("ended");
        await Server.WaitForGroupAsync(Group, state => CallOf(state) is null or "");
    }

    // An INVITE that takes more than 200 ms is answered 100 (RFC 3261 17.2.1) and then not sent again. A 100 acknowledges no call: the journal may
    // not have it yet, and then it is lost with the server. It must be lost altogether, so that calling again is all that a user has to do.
    private async Task RedialAsync()
    {
        Assert.True(Alice.Has("progress"), $"an INVITE without any answer failed\n{Server.Output}");
        var group = await Server.GroupAsync(Group);
        Assert.True(CallOf(group) is null or "", $"the INVITE was in the journal and yet the call did not come about: {group}\n{Server.Output}");
        await Alice.CallAsync(Group);
    }

    /// <summary>The journal as it stands after a last kill: every command complete and once.</summary>
    public async Task<JournalAccount> KillAndReadJournalAsync(string context = "")
    {
        await Server.KillAsync();
        var journal = JournalAccount.Read(Server.Journal);
        Assert.True(journal.Doubled.Count == 0, $"not in the journal exactly once: {string.Join(", ", journal.Doubled)} {context}");
        return journal;
    }

    /// <summary>For a failing test: the last that each client saw, what was written last, and what the server printed.</summary>
    public string Account()
    {
        var phones = Phones.Select(phone => $"{phone.User}\n  {string.Join("\n  ", phone.Ue.Events.Since(Math.Max(0, phone.Ue.Events.End - Told)))}");
        return string.Join('\n', [.. phones, .. JournalAccount.Read(Server.Journal).LastWritten(Told), Server.Output]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in Phones)
        {
            await phone.DisposeAsync();
        }

        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static string? CallOf(JsonElement group) => group.TryGetProperty("call", out var call) ? call.GetString() : null;

    private Phone NewPhone(string name) =>
        new(new UeOptions
        {
            User = SipUri.Parse($"sip:{name}@example.org"),
            Server = new IPEndPoint(IPAddress.Loopback, Server.SipPort),
            Floor = PatientFloor,
            RingingLimit = RingingLimit,
            Tap = Ledger,
        });
}
