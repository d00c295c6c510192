using Mcptt.Host.Commands;
using Mcptt.Protocol.Messages;

namespace Mcptt.Host.Demo;

/// <summary>Progress while it runs, tables and verdict at the end.</summary>
internal sealed class DemoScreen(CommandContext context)
{
    private readonly Screen _screen = new(context);
    private readonly long _start = context.Time.GetTimestamp();

    public void Line(string text) => _screen.Line(text);

    public void Progress(string text)
    {
        _screen.Line($"{context.Time.GetElapsedTime(_start).TotalSeconds,5:0.0} s  {text}");
        context.Out.Flush();
    }

    public void Show(DemoOutcome outcome)
    {
        Line("");
        Line("Talkers (milliseconds; a queued grant counts from the release before it)");
        _screen.Table(
            ["TALKER", "PRIORITY", "HOW", "ACCESS", "GRANT", "REVOKED"],
            outcome.Bursts.Select(burst => (IReadOnlyList<string>)
                [burst.Talker.Name, $"{burst.Talker.Priority}", burst.How, Ms(burst.Access), Ms(burst.Grant), burst.RevokedWith is null ? "" : $"cause {burst.RevokedWith}"]));
        Line("");
        Line("Listeners (packets; mouth to ear in milliseconds)");
        _screen.Table(
            ["LISTENER", "TALKER", "SENT", "RECEIVED", "LOST", "M2E P50", "M2E MAX"],
            outcome.Heard.Select(row => (IReadOnlyList<string>)
            [
                row.Listener.Name, row.Talker.Name, $"{row.Sent}", $"{row.Heard.Frames}", $"{row.Lost}",
                Ms(DemoOutcome.Percentile(row.Heard.Delays, 0.5)), Ms(DemoOutcome.Percentile(row.Heard.Delays, 1)),
            ]));
        Line("");
        Line($"Who talked when, by the journal ({outcome.Journal.Events} events)");
        _screen.Table(["TALKER", "ASKED", "GRANTED", "FIRST PACKET", "ENDED", "SECONDS", "BY"], outcome.Journal.Bursts.Select(Row));
        Line("");
        foreach (var check in outcome.Checks)
        {
            Line($"{(check.Holds ? "ok    " : "FALSE ")} {check.Claim}{(check.Holds || check.Detail.Length == 0 ? "" : $": {check.Detail}")}");
        }
    }

    private static IReadOnlyList<string> Row(JournalBurst burst) =>
    [
        burst.User, Clock(burst.Asked), Clock(burst.Granted), Clock(burst.FirstPacket), Clock(burst.Ended),
        burst.Ended is { } ended && burst.FirstPacket is { } first ? $"{(ended - first).TotalSeconds:0.00}" : "", By(burst),
    ];

    private static string By(JournalBurst burst) =>
        burst.EndReason switch
        {
            FloorTalkEndReason.Released => burst.RevokeCause == 0 ? "release" : $"release after Revoke {burst.RevokeCause}",
            FloorTalkEndReason.MediaEnded => "end of RTP (T1)",
            FloorTalkEndReason.Revoked => $"Revoke {burst.RevokeCause} and T3",
            FloorTalkEndReason.LeftCall => "left the call",
            _ => "",
        };

    private static string Clock(DateTimeOffset? time) => time is { } known ? $"{known:HH:mm:ss.fff}" : "";

    private static string Ms(TimeSpan duration) => $"{duration.TotalMilliseconds:0.0}";
}
