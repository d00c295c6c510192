using System.Collections.Concurrent;
using Mcptt.Scenarios.Support;

namespace Mcptt.Scenarios.Cluster;

/// <summary>One group that calls, talks in turns and hangs up for as long as it is let, and users who register again and again. What fails is kept.</summary>
internal sealed class CallLoad(string group, IReadOnlyList<Phone> phones, AccessTimes times) : IAsyncDisposable
{
    private const int BurstsPerCall = 4;
    private const int Told = 25;

    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RegisterEvery = TimeSpan.FromMilliseconds(700);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _failures = [];
    private Task _running = Task.CompletedTask;
    private int _calls;
    private int _registrations;

    public IReadOnlyList<string> Failures => [.. _failures];

    public int Calls => Volatile.Read(ref _calls);

    public int Registrations => Volatile.Read(ref _registrations);

    public void Start() => _running = Task.WhenAll([RunAsync("call", CallAsync), .. phones.Select(phone => RunAsync("registration", () => RegisterAsync(phone)))]);

    /// <summary>Ends after the call under way.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    // The first failure of a kind ends its loop: what comes after it may come of it.
    private async Task RunAsync(string what, Func<Task> once)
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await once();
            }
        }
        catch (Exception failure)
        {
            _failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}: {failure.Message}\n{string.Join('\n', phones.Select(phone => $"{phone.User}\n  {string.Join("\n  ", phone.Ue.Events.Since(Math.Max(0, phone.Ue.Events.End - Told)))}"))}");
        }
    }

    private async Task RegisterAsync(Phone phone)
    {
        await phone.RegisterAsync();
        Interlocked.Increment(ref _registrations);
        await Task.Delay(RegisterEvery, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CallAsync()
    {
        foreach (var phone in phones)
        {
            phone.PassOver();
        }

        await phones[0].CallAsync(group);
        await Task.WhenAll(phones.Select(phone => phone.ExpectAllAsync("established", "idle")));
        for (var burst = 0; burst < BurstsPerCall; burst++)
        {
            await TalkAsync(phones[burst % phones.Count]);
        }

        foreach (var phone in phones.Take(phones.Count - 1))
        {
            await phone.HangUpAsync();
        }

        await phones[^1].ExpectAsync("ended");
        Interlocked.Increment(ref _calls);
    }

    private async Task TalkAsync(Phone talker)
    {
        talker.PassOver();
        var pressed = TimeProvider.System.GetUtcNow();
        talker.Press();
        var granted = await talker.ExpectAsync("granted");
        times.Add(granted.Time - pressed);
        await Task.Delay(Burst);
        talker.Release();
        await talker.ExpectAsync("released");
    }
}
