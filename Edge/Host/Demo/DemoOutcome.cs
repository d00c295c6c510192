using Mcptt.Protocol.Floor;
using Mcptt.Ue.Media;

namespace Mcptt.Host.Demo;

/// <summary>Something that the demo claims, and whether it was measured to be so.</summary>
internal sealed record DemoCheck(string Claim, bool Holds, string Detail = "");

/// <summary>What one listener got of one talker.</summary>
internal sealed record HeardRow(DemoUser Listener, DemoUser Talker, int Sent, HeardAudio Heard)
{
    public int Lost => Sent - Heard.DistinctFrames;

    public bool IsWhole => Lost == 0 && Heard.Frames == Heard.DistinctFrames;
}

/// <summary>Everything that was measured, and the verdict on it.</summary>
internal sealed record DemoOutcome(
    IReadOnlyList<DemoBurst> Bursts, IReadOnlyList<HeardRow> Heard, JournalAccount Journal, IReadOnlyList<DemoCheck> Checks)
{
    // TS 22.179 6.15.3: KPI 1 (access) and KPI 3 (mouth to ear) for 95 % of requests and bursts.
    private static readonly TimeSpan KpiLimit = TimeSpan.FromMilliseconds(300);

    private static readonly DemoUser[] ExpectedOrder = [DemoCast.Alice, DemoCast.Bob, DemoCast.Carol, DemoCast.Dave];

    // The journal's times are the server's, the packets' are the talker's: a burst differs by a frame and two hops.
    private static readonly TimeSpan BurstTolerance = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    public static DemoOutcome Of(IReadOnlyList<DemoBurst> bursts, AudioLedger ledger, JournalAccount journal)
    {
        var heard = DemoCast.All
            .SelectMany(talker => DemoCast.All.Where(listener => listener != talker).Select(listener => new HeardRow(
                listener, talker, ledger.SentFrames.GetValueOrDefault(talker.McpttId), ledger.Of(listener.McpttId, talker.McpttId))))
            .ToList();
        return new DemoOutcome(bursts, heard, journal, [.. Check(bursts, heard, ledger, journal)]);
    }

    public static TimeSpan Percentile(IEnumerable<TimeSpan> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }

    private static IEnumerable<DemoCheck> Check(IReadOnlyList<DemoBurst> bursts, List<HeardRow> heard, AudioLedger ledger, JournalAccount journal)
    {
        var broken = heard.Where(row => !row.IsWhole || row.Sent == 0).Select(row => $"{row.Listener.Name} of {row.Talker.Name}: {row.Heard.DistinctFrames} of {row.Sent}");
        yield return Claim("each listener got each talker's frames, all of them once, byte for byte", broken);

        var foreign = DemoCast.All.Where(user => ledger.Of(user.McpttId, null).Frames > 0 || ledger.Of(user.McpttId, user.McpttId).Frames > 0);
        yield return Claim("nobody got anything else, not even the own voice", foreign.Select(user => user.Name));

        var waited = bursts.Where(burst => burst.How != "queued" && burst.Access >= KpiLimit).Select(burst => $"{burst.Talker.Name}: {burst.Access.TotalMilliseconds:0} ms");
        yield return Claim("access below 300 ms for who was not queued (KPI 1)", waited);

        var slow = heard.Where(row => Percentile(row.Heard.Delays, 0.95) >= KpiLimit).Select(row => $"{row.Listener.Name} of {row.Talker.Name}");
        yield return Claim("mouth to ear below 300 ms for 95 % of frames (KPI 3)", slow);

        var preempted = ((uint)FloorRevokeCause.MediaBurstPreempted).ToString();
        var revoked = bursts.FirstOrDefault(burst => burst.Talker == DemoCast.Carol)?.RevokedWith;
        yield return new DemoCheck("carol was told that she was pre-empted", revoked == preempted, $"cause {revoked}");

        foreach (var check in CheckJournal(journal, ledger))
        {
            yield return check;
        }
    }

    private static IEnumerable<DemoCheck> CheckJournal(JournalAccount journal, AudioLedger ledger)
    {
        var order = string.Join(", ", journal.Bursts.Select(burst => burst.User));
        yield return new DemoCheck("the journal has these talkers in this order", order == string.Join(", ", ExpectedOrder.Select(user => user.McpttId)), order);

        var overlapping = journal.Bursts.Zip(journal.Bursts.Skip(1)).Where(pair => pair.First.Ended is null || pair.Second.Granted < pair.First.Ended);
        yield return Claim("by the journal never two talked at once", overlapping.Select(pair => $"{pair.First.User} and {pair.Second.User}"));

        var different = journal.Bursts.Where(burst => burst.FirstPacket is null || burst.Ended is null
            || (ledger.SentFrames.GetValueOrDefault(burst.User) * FrameTime - (burst.Ended.Value - burst.FirstPacket.Value)).Duration() > BurstTolerance);
        yield return Claim("the journal's talk times are those of the packets", different.Select(burst => burst.User));

        yield return new DemoCheck("the journal has the end of the call", journal.CallFinished);
    }

    private static DemoCheck Claim(string claim, IEnumerable<string> exceptions)
    {
        var detail = string.Join("; ", exceptions);
        return new DemoCheck(claim, detail.Length == 0, detail);
    }
}
