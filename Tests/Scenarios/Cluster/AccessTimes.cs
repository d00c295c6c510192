using System.Collections.Concurrent;
using System.Globalization;

namespace Mcptt.Scenarios.Cluster;

/// <summary>From the press of the button to the grant (KPI 1 of TS 22.179 6.15), phase by phase.</summary>
internal sealed class AccessTimes
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<TimeSpan>> _times = new();

    public string Phase { get; set; } = "";

    public void Add(TimeSpan time) => _times.GetOrAdd(Phase, _ => []).Add(time);

    public int Count(string phase) => _times.TryGetValue(phase, out var times) ? times.Count : 0;

    public override string ToString() => string.Join("; ", _times.Where(phase => phase.Key.Length > 0).OrderBy(phase => phase.Key, StringComparer.Ordinal).Select(phase => Line(phase.Key, [.. phase.Value.Order()])));

    private static string Line(string phase, TimeSpan[] times) =>
        string.Create(CultureInfo.InvariantCulture, $"{phase}: {times.Length} bursts, p50 {At(times, 0.5):F0} ms, p99 {At(times, 0.99):F0} ms, longest {times[^1].TotalMilliseconds:F0} ms");

    private static double At(TimeSpan[] times, double share) => times[(int)Math.Min(times.Length - 1, Math.Floor(times.Length * share))].TotalMilliseconds;
}
