using Mcptt.Protocol.Floor;
using Mcptt.Ue;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Scenarios.Support;

/// <summary>A client in a test: an order that fails fails the test, and so does an event that does not come.</summary>
internal sealed class Phone(UeOptions options, UeClient? client = null) : IAsyncDisposable
{
    // Generous: the machine may be busy with other tests. Nothing here measures speed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private EventPlace _place = new();
    private bool _started;

    public UeClient Ue { get; } = client ?? UeClient.Create(options, TimeProvider.System, NullLoggerFactory.Instance);

    public UeOptions Options => options;

    public string User => options.User.AddressOfRecord;

    public async Task StartAsync()
    {
        if (!_started)
        {
            await Ue.StartAsync(CancellationToken.None);
            _started = true;
        }
    }

    public async Task RegisterAsync()
    {
        await StartAsync();
        Must(await Ue.RegisterAsync(null, CancellationToken.None));
    }

    public async Task AffiliateAsync(string group)
    {
        Must(await Ue.PublishSettingsAsync(options.ManualAnswer, CancellationToken.None));
        Must(await Ue.SubscribeAffiliationAsync(CancellationToken.None));
        Must(await Ue.AffiliateAsync([group], CancellationToken.None));
        await ExpectAsync("affiliation", ("group", group), ("status", "affiliated"));
    }

    public async Task CallAsync(string group, bool implicitFloorRequest = false) => Must(await Ue.CallAsync(group, implicitFloorRequest, CancellationToken.None));

    public async Task CallAsync(string group, CallDeclaration declaration, bool implicitFloorRequest = false) =>
        Must(await Ue.CallAsync(group, implicitFloorRequest, declaration, CancellationToken.None));

    public async Task DeclareAsync(CallDeclaration declaration, bool implicitFloorRequest = false) =>
        Must(await Ue.DeclareAsync(declaration, implicitFloorRequest, CancellationToken.None));

    public async Task HangUpAsync() => Must(await Ue.HangUpAsync(CancellationToken.None));

    public void Press(FloorWish wish = default) => Must(Ue.Press(wish));

    public void Release() => Must(Ue.Release());

    /// <summary>Past the participant machine, which takes what comes of it as it likes.</summary>
    public void Inject(FloorMessage message) => Must(Ue.Inject(message));

    public void Inject(FloorMessageType type) => Inject(new FloorMessage(type, 0));

    public async Task TalkAsync(TimeSpan duration)
    {
        Press();
        await ExpectAsync("granted");
        await Task.Delay(duration);
        Release();
        await ExpectAsync("released");
    }

    /// <summary>The next event of this word, with these fields; those before it are passed over.</summary>
    public async Task<UeEvent> ExpectAsync(string word, params (string Field, string Value)[] conditions)
    {
        var found = await Ue.Events.WaitForAsync(
            _place, happened => happened.Word == word && conditions.All(condition => happened.Has(condition.Field, condition.Value)), Patience, CancellationToken.None);
        Assert.True(found is not null, $"{User} waited in vain for \"{word} {string.Join(' ', conditions)}\"; happened:\n  {string.Join("\n  ", Ue.Events.Since(0))}");
        return found;
    }

    /// <summary>Events of these words in whatever order: signalling and floor come by different sockets.</summary>
    public async Task ExpectAllAsync(params string[] words)
    {
        var missing = await Ue.Events.WaitForAllAsync(_place, words, Patience, CancellationToken.None);
        Assert.True(missing.Count == 0, $"{User} waited in vain for {string.Join(", ", missing)}; happened:\n  {string.Join("\n  ", Ue.Events.Since(0))}");
    }

    /// <summary>What has happened up to now answers no later <see cref="ExpectAsync"/>.</summary>
    public void PassOver() => _place = new EventPlace(Ue.Events.End);

    public bool Has(string word) => Ue.Events.Since(0).Any(happened => happened.Word == word);

    public ValueTask DisposeAsync() => Ue.DisposeAsync();

    private void Must(string? failure) =>
        Assert.True(failure is null, $"{User}: {failure}; happened:\n  {string.Join("\n  ", Ue.Events.Since(0))}");
}
