using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Audit;

/// <summary>Pieces of sentences.</summary>
internal static class Words
{
    /// <summary>Names of a list that a sentence spells out; the rest is counted.</summary>
    private const int Spelt = 4;

    public static string List(IReadOnlyCollection<string> names, string none) =>
        names.Count == 0 ? none
        : names.Count <= Spelt ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(Spelt))} and {names.Count - Spelt} more";

    public static string Or(string? text, string none) => string.IsNullOrEmpty(text) ? none : text;

    public static string Named(string? name) => string.IsNullOrEmpty(name) ? "" : $" as \"{name}\"";

    /// <summary>The URI of a From or To value.</summary>
    public static string Address(string? header, string none)
    {
        if (string.IsNullOrEmpty(header))
        {
            return none;
        }

        var open = header.IndexOf('<', StringComparison.Ordinal);
        var close = header.IndexOf('>', StringComparison.Ordinal);
        return open >= 0 && close > open ? header[(open + 1)..close] : header.Split(';')[0];
    }

    public static string Time(long timeUs) =>
        TryTime(timeUs, out var time) ? time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "an unknown time";

    /// <summary>To the microsecond, as the journal has it.</summary>
    public static string Moment(long timeUs) =>
        TryTime(timeUs, out var time) ? time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture) : $"{timeUs} us";

    public static string Seconds(uint milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000m:0.###} s");

    public static string Count(int number, string one) => number == 1 ? $"1 {one}" : $"{number} {one}s";

    private static bool TryTime(long timeUs, out DateTimeOffset time)
    {
        // What cannot be a date (a damaged or foreign event) must not keep the rest from being told.
        var possible = timeUs > 0 && timeUs < UnixTime.LastUs;
        time = possible ? UnixTime.OfUs(timeUs) : default;
        return possible;
    }
}
