using System.Collections.Concurrent;
using Mcptt.Ue.Media;

namespace Mcptt.Scenarios.Cluster;

/// <summary>When each client heard something, besides what the ledger holds: how long it was silent while somebody talked.</summary>
internal sealed class HearingTimes(AudioLedger ledger) : IAudioTap
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<long>> _heard = new();

    public void Sent(string user, ReadOnlySpan<byte> payload, long timestamp) => ledger.Sent(user, payload, timestamp);

    public void Heard(string user, ReadOnlySpan<byte> payload, long timestamp)
    {
        _heard.GetOrAdd(user, _ => new ConcurrentQueue<long>()).Enqueue(timestamp);
        ledger.Heard(user, payload, timestamp);
    }

    public int CountSince(string user, long since) => Of(user).Count(heard => heard >= since);

    /// <summary>The longest time between two frames one after the other, in a span of the clock.</summary>
    public TimeSpan LongestSilence(string user, long from, long until)
    {
        var times = Of(user).Where(heard => heard >= from && heard <= until).Order().ToList();
        return times.Zip(times.Skip(1)).Select(pair => TimeProvider.System.GetElapsedTime(pair.First, pair.Second)).DefaultIfEmpty(TimeProvider.System.GetElapsedTime(from, until)).Max();
    }

    private IEnumerable<long> Of(string user) => _heard.TryGetValue(user, out var times) ? times : [];
}
