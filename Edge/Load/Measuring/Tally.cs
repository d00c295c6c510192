using System.Collections.Concurrent;

namespace Mcptt.Load.Measuring;

/// <summary>Counts by what is said: refusals and failures by their words. Bounded: beyond <see cref="MaxKinds"/> different ones the rest is counted together.</summary>
internal sealed class Tally
{
    public const int MaxKinds = 200;

    public const string Others = "others";

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(string what)
    {
        var kind = _counts.ContainsKey(what) || _counts.Count < MaxKinds ? what : Others;
        _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
    }

    public void Clear() => _counts.Clear();

    public long Total => _counts.Values.Sum();

    public IReadOnlyDictionary<string, long> Snapshot() =>
        _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value);
}
