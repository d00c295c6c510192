using Mcptt.Load.Measuring;
using Mcptt.Protocol.Sip;

namespace Mcptt.Load.Profiles;

/// <summary>Which values of a profile fit, alone and together.</summary>
public static class LoadProfileRules
{
    /// <summary>Bounded by memory: a registered client takes about 20 kB here.</summary>
    public const int MaxUsers = 200_000;

    /// <summary>Each member of a group has two sockets that all groups share.</summary>
    public const int MaxMembers = 200;

    private const decimal MaxSeconds = 86_400;
    private const decimal MaxRate = 10_000;
    private const uint MaxPayloadOctets = 1_200;

    // What a call takes beside its length: set-up, answers, hang-up.
    private const decimal CallOverheadSeconds = 1.5m;

    public static IReadOnlyList<ProfileFault> Check(LoadProfile profile)
    {
        var faults = new List<ProfileFault>();
        Users(profile, faults);
        Groups(profile, faults);
        Calls(profile, faults);
        Durations("bursts.length", profile.Bursts.Length, faults);
        Durations("bursts.pause", profile.Bursts.Pause, faults);
        Voice(profile.Voice, faults);
        Others(profile, faults);
        foreach (var (threshold, index) in profile.Thresholds.Select((threshold, index) => (threshold, index)))
        {
            Threshold($"thresholds[{index}]", threshold, faults);
        }

        return faults;
    }

    private static void Users(LoadProfile profile, List<ProfileFault> faults)
    {
        var users = profile.Users;
        Range("users.count", users.Count, 1, MaxUsers, faults);
        Range("users.registrationsPerSecond", users.RegistrationsPerSecond, 0.01m, MaxRate, faults);
        Range("users.expiresSeconds", users.ExpiresSeconds, 1, 604_800, faults);
        Pattern("users.pattern", users.Pattern, faults);
        if (users is { Trusted: true, Password.Length: > 0 })
        {
            faults.Add(new("users.password", "is set although users.trusted is true", "leave one of them out"));
        }
    }

    private static void Groups(LoadProfile profile, List<ProfileFault> faults)
    {
        var groups = profile.Groups;
        Pattern("groups.pattern", groups.Pattern, faults);
        Range("groups.count", groups.Count, 1, MaxUsers, faults);
        var least = profile.Calls.LateEntryShare > 0 ? 3 : 2;
        Range("groups.members", groups.Members, least, MaxMembers, faults);
        if (faults.Count == 0 && (ulong)groups.Count * groups.Members > profile.Users.Count)
        {
            faults.Add(new("groups.count", $"{groups.Count} groups of {groups.Members} need {(ulong)groups.Count * groups.Members} users, there are {profile.Users.Count}", "raise users.count or lower this"));
        }

        if (groups.Pattern == profile.Users.Pattern)
        {
            faults.Add(new("groups.pattern", "is the pattern of the users", "name groups otherwise"));
        }
    }

    private static void Calls(LoadProfile profile, List<ProfileFault> faults)
    {
        var calls = profile.Calls;
        Range("calls.perSecond", calls.PerSecond, 0, MaxRate, faults);
        Range("calls.emergencyShare", calls.EmergencyShare, 0, 1, faults);
        Range("calls.lateEntryShare", calls.LateEntryShare, 0, 1, faults);
        Range("bursts.contentionShare", profile.Bursts.ContentionShare, 0, 1, faults);
        OneOf("calls.arrivals", calls.Arrivals, ["random", "even"], faults);
        Durations("calls.length", calls.Length, faults);
        var talkers = profile.Groups.Members - (calls.LateEntryShare > 0 ? 1u : 0u);
        if (profile.Bursts.ContentionShare > 0 && (profile.Bursts.Contenders == 0 || profile.Bursts.Contenders >= talkers))
        {
            faults.Add(new("bursts.contenders", $"is {profile.Bursts.Contenders}", $"1 to {talkers - 1} members can press beside the talker"));
        }

        var needed = Busy(calls);
        if (faults.Count == 0 && needed > profile.Groups.Count)
        {
            faults.Add(new("calls.perSecond", $"{calls.PerSecond} calls per second of {Mean(calls.Length)} s can keep {needed} groups busy, there are {profile.Groups.Count}", "raise groups.count or lower this"));
        }
    }

    // Calls that come at random come in bunches: three standard deviations above the mean (of Poisson) are hardly ever passed.
    private static ulong Busy(CallsProfile calls)
    {
        var mean = (double)(calls.PerSecond * (Mean(calls.Length) + CallOverheadSeconds));
        return (ulong)Math.Ceiling(calls.Arrivals == "random" ? mean + (3 * Math.Sqrt(mean)) : mean);
    }

    private static void Voice(VoiceProfile voice, List<ProfileFault> faults)
    {
        OneOf("voice.codec", voice.Codec, ["pcmu", "pcma"], faults);
        if (voice.PacketTimeMs is < 10 or > 60 || voice.PacketTimeMs % 10 != 0)
        {
            faults.Add(new("voice.packetTimeMs", $"is {voice.PacketTimeMs}", "write 10, 20, 30, 40, 50 or 60"));
        }

        if (voice.PayloadOctets != 0)
        {
            Range("voice.payloadOctets", voice.PayloadOctets, SpeechStamp.Octets, MaxPayloadOctets, faults);
        }
    }

    private static void Others(LoadProfile profile, List<ProfileFault> faults)
    {
        Range("network.lose", profile.Network.Lose, 0, 1, faults);
        Range("network.duplicate", profile.Network.Duplicate, 0, 1, faults);
        Range("network.reorder", profile.Network.Reorder, 0, 1, faults);
        Range("phases.rampSeconds", profile.Phases.RampSeconds, 0, MaxSeconds, faults);
        Range("phases.steadySeconds", profile.Phases.SteadySeconds, 1, MaxSeconds, faults);
        Range("phases.coolDownSeconds", profile.Phases.CoolDownSeconds, 0, MaxSeconds, faults);
        Range("servers.failoverSeconds", profile.Servers.FailoverSeconds, 0.1m, 30, faults);
        Range("servers.probeSeconds", profile.Servers.ProbeSeconds, 0.1m, 30, faults);
        Range("limits.scheduleLagMs", profile.Limits.ScheduleLagMs, 1, 60_000, faults);
        Range("limits.voiceLagMs", profile.Limits.VoiceLagMs, 1, 60_000, faults);
    }

    private static void Threshold(string field, ThresholdProfile threshold, List<ProfileFault> faults)
    {
        switch (threshold)
        {
            case { Measure: { } measure, Count: null }:
                OneOf($"{field}.measure", measure, [.. MeasureNames.Of<MeasureKind>()], faults);
                Range($"{field}.percentile", threshold.Percentile, 1, 100, faults);
                Range($"{field}.maxMs", threshold.MaxMs, 0.001m, 3_600_000, faults);
                break;
            case { Measure: null, Count: { } count }:
                OneOf($"{field}.count", count, [.. MeasureNames.Of<CountKind>()], faults);
                break;
            default:
                faults.Add(new(field, "names neither or both of measure and count", "write { \"measure\": ..., \"maxMs\": ... } or { \"count\": ..., \"max\": ... }"));
                break;
        }
    }

    private static void Durations(string field, DurationProfile duration, List<ProfileFault> faults)
    {
        OneOf($"{field}.kind", duration.Kind, ["fixed", "uniform", "exponential"], faults);
        if (duration.Kind == "fixed" || duration.Kind == "exponential")
        {
            Range($"{field}.seconds", duration.Seconds, 0.1m, MaxSeconds, faults);
        }

        if (duration.Kind != "fixed" && (duration.MinSeconds < 0 || duration.MaxSeconds > MaxSeconds || duration.MinSeconds > duration.MaxSeconds))
        {
            faults.Add(new($"{field}.minSeconds", $"{duration.MinSeconds} to {duration.MaxSeconds} s is no range", $"write minSeconds below maxSeconds, both from 0 to {MaxSeconds}"));
        }
    }

    private static decimal Mean(DurationProfile duration) =>
        duration.Kind == "uniform" ? (duration.MinSeconds + duration.MaxSeconds) / 2 : Math.Min(duration.Seconds, duration.Kind == "fixed" ? duration.Seconds : duration.MaxSeconds);

    private static void Pattern(string field, string pattern, List<ProfileFault> faults)
    {
        if (!NumberPattern.TryParse(pattern, out var parsed) || !SipUri.TryParse(parsed.For(1), out var uri) || string.IsNullOrEmpty(uri.UnescapedUser))
        {
            faults.Add(new(field, $"\"{pattern}\" is no pattern of SIP URIs", "write one such as \"sip:load-{n:5}@example.org\""));
        }
    }

    private static void Range(string field, decimal value, decimal least, decimal most, List<ProfileFault> faults)
    {
        if (value < least || value > most)
        {
            faults.Add(new(field, $"is {value}", $"write {least} to {most}"));
        }
    }

    private static void OneOf(string field, string value, IReadOnlyList<string> known, List<ProfileFault> faults)
    {
        if (!known.Contains(value, StringComparer.Ordinal))
        {
            faults.Add(new(field, $"\"{value}\" is not known", $"write one of {string.Join(", ", known)}"));
        }
    }
}
