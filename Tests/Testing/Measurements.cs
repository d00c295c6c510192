using System.Diagnostics.Metrics;

namespace Mcptt.Testing;

/// <summary>Makes meters and keeps every measurement that their instruments make; those of other meters are not seen.</summary>
public sealed class Measurements : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, string Tags, double Value)> _made = [];

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this) && !instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public Meter Create(MeterOptions options) => new(new MeterOptions(options.Name) { Scope = this });

    /// <summary>Of one instrument, in their order: the tags as "a=1,b=2", and what was measured.</summary>
    public IReadOnlyList<(string Tags, double Value)> Of(string name)
    {
        lock (_made)
        {
            return [.. _made.Where(one => one.Name == name).Select(one => (one.Tags, one.Value))];
        }
    }

    /// <summary>"tags sum" of each set of tags, in order of the tags.</summary>
    public string Sums(string name) => string.Join("; ", Of(name).GroupBy(one => one.Tags).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Sum(one => one.Value)}"));

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var written = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_made)
        {
            _made.Add((instrument.Name, written, value));
        }
    }
}
