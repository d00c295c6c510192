using System.Globalization;
using Mcptt.Protocol.Messages;

namespace Mcptt.Media.Recording;

/// <summary>What the name of a recording says: under way <c>{call}_{time}_leg{leg}_epoch{epoch}.pcap</c>, finished <c>{date}/{call}/{time}-leg{leg}.pcap</c>. Times are UTC.</summary>
internal readonly record struct RecordingName(string Call, long StartedUs, uint Leg, ulong Epoch)
{
    public const string Extension = ".pcap";

    /// <summary>Longer than any id that the edge makes.</summary>
    private const int MaxCallChars = 128;

    private const string UnderWayTime = "yyyyMMddHHmmssffffff";
    private const string DayFormat = "yyyy-MM-dd";
    private const string TimeFormat = "HHmmss'.'ffffff";

    private DateTimeOffset Started => UnixTime.OfUs(StartedUs);

    public string UnderWay => $"{Call}_{Started.ToString(UnderWayTime)}_leg{Leg}_epoch{Epoch}{Extension}";

    /// <summary>Relative, with / on every system; <paramref name="copy"/> above 1 when the name is taken because the clock went back.</summary>
    public string Finished(int copy = 1) =>
        $"{Started.ToString(DayFormat)}/{Call}/{Started.ToString(TimeFormat)}-leg{Leg}{(copy > 1 ? $"-{copy}" : "")}{Extension}";

    /// <summary>A call id becomes a folder: letters, digits and hyphens only.</summary>
    public static bool IsUsableCall(string call) => call.Length is > 0 and <= MaxCallChars && call.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    public static bool TryParseUnderWay(string fileName, out RecordingName name)
    {
        name = default;
        var parts = fileName.Split('_');
        if (parts is not [var call, var time, ['l', 'e', 'g', .. var leg], ['e', 'p', 'o', 'c', 'h', .. var tail]] || !tail.EndsWith(Extension, StringComparison.Ordinal))
        {
            return false;
        }

        if (!IsUsableCall(call)
            || !DateTimeOffset.TryParseExact(time, UnderWayTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var started)
            || !uint.TryParse(leg, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !ulong.TryParse(tail[..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }

        name = new RecordingName(call, UnixTime.UsOf(started), number, epoch);
        return true;
    }

    public static bool TryParseDay(string folder, out DateTimeOffset day) =>
        DateTimeOffset.TryParseExact(folder, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out day);
}
