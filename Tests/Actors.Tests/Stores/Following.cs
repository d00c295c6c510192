using System.Collections.Concurrent;
using Mcptt.Actors.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Tests.Stores;

/// <summary>A follower at work on a thread of its own, and what it has taken so far.</summary>
internal sealed class Following : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<StoredEvent> _taken = new();
    private readonly Task _running;

    private Following(Func<CancellationToken, IAsyncEnumerable<StoredEvent>> follow) => _running = RunAsync(follow(_stop.Token));

    public IReadOnlyList<StoredEvent> Taken => [.. _taken];

    public static JournalFollower Follower(IJournalReader journal, JournalFollowerOptions? options = null, TimeProvider? time = null) =>
        new(journal, options ?? new JournalFollowerOptions(), time ?? TimeProvider.System, NullLogger<JournalFollower>.Instance);

    /// <param name="tag">Null: all events.</param>
    public static Following Start(JournalFollower follower, string? tag = null, long after = 0) =>
        new(stop => tag is null ? follower.FollowAllAsync(after, stop) : follower.FollowTagAsync(tag, after, stop));

    /// <summary>Until it has taken this many; fails if it ends before.</summary>
    public async Task UntilAsync(int count, string what)
    {
        await Ledger.Node.UntilAsync(() => _taken.Count >= count || _running.IsCompleted, $"{count} events ({what}); there are {_taken.Count}");
        if (_running.IsFaulted)
        {
            await _running;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }

    private async Task RunAsync(IAsyncEnumerable<StoredEvent> events)
    {
        await Task.Yield();
        await foreach (var stored in events)
        {
            _taken.Enqueue(stored);
        }
    }
}
