using System.Net;
using Mcptt.Host.Commands;
using Mcptt.Ue;
using Mcptt.Ue.Events;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Media;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Host.Demo;

/// <summary>One client of the demo. What it waits for must come, or the demo has failed.</summary>
internal sealed class DemoPhone : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly UeClient _ue;
    private readonly EventPlace _place = new();

    public DemoPhone(DemoUser user, IPEndPoint server, IAudioTap tap, TimeProvider time)
    {
        User = user;
        var options = new UeOptions { User = user.Uri, Password = user.Password, Server = server, Tap = tap };
        _ue = UeClient.Create(options, time, NullLoggerFactory.Instance);
    }

    public DemoUser User { get; }

    public UeEventLog Events => _ue.Events;

    public async Task JoinGroupAsync(CancellationToken cancellationToken)
    {
        await _ue.StartAsync(cancellationToken);
        Must(await _ue.RegisterAsync(null, cancellationToken));
        Must(await _ue.PublishSettingsAsync(manualAnswer: false, cancellationToken));
        Must(await _ue.SubscribeAffiliationAsync(cancellationToken));
        Must(await _ue.AffiliateAsync([DemoCast.GroupId], cancellationToken));
        await ExpectAsync("affiliation", happened => happened.Has("group", DemoCast.GroupId) && happened.Has("status", "affiliated"), cancellationToken);
    }

    public async Task CallAsync(CancellationToken cancellationToken) =>
        Must(await _ue.CallAsync(DemoCast.GroupId, implicitFloorRequest: false, cancellationToken));

    public Task<UeEvent> ExpectAsync(string word, CancellationToken cancellationToken) => ExpectAsync(word, _ => true, cancellationToken);

    public async Task<UeEvent> ExpectAsync(string word, Func<UeEvent, bool> condition, CancellationToken cancellationToken)
    {
        var found = await Events.WaitForAsync(_place, happened => happened.Word == word && condition(happened), Patience, cancellationToken);
        return found ?? throw InVain(word);
    }

    /// <summary>In whatever order.</summary>
    public async Task ExpectAllAsync(string[] words, CancellationToken cancellationToken)
    {
        if (await Events.WaitForAllAsync(_place, words, Patience, cancellationToken) is [var first, ..])
        {
            throw InVain(first);
        }
    }

    public void Press() => Must(_ue.Press(new FloorWish()));

    public void Release() => Must(_ue.Release());

    public void Record(string path) => Must(_ue.Record(path));

    public async Task HangUpAsync(CancellationToken cancellationToken) => Must(await _ue.HangUpAsync(cancellationToken));

    public async Task UnregisterAsync(CancellationToken cancellationToken) => Must(await _ue.UnregisterAsync(cancellationToken));

    public ValueTask DisposeAsync() => _ue.DisposeAsync();

    private FailedException InVain(string word) => new($"{User.Name} waited in vain for \"{word}\"; happened:\n  {string.Join("\n  ", Events.Since(0))}");

    private void Must(string? failure)
    {
        if (failure is not null)
        {
            throw new FailedException($"{User.Name}: {failure}");
        }
    }
}
