using Mcptt.Load.Profiles;

namespace Mcptt.Load.Tests;

public sealed class LoadProfileRulesTests
{
    private static readonly LoadProfile Good = new();

    public static TheoryData<string, LoadProfile> Bad =>
        new()
        {
            { "users.count", Good with { Users = Good.Users with { Count = 0 } } },
            { "calls.perSecond", Good with { Groups = Good.Groups with { Count = 28 } } },
            { "users.pattern", Good with { Users = Good.Users with { Pattern = "sip:nobody@example.org" } } },
            { "users.pattern", Good with { Users = Good.Users with { Pattern = "load {n}" } } },
            { "users.password", Good with { Users = Good.Users with { Password = "x", Trusted = true } } },
            { "groups.count", Good with { Groups = Good.Groups with { Count = 31 } } },
            { "groups.members", Good with { Groups = Good.Groups with { Members = 1 } } },
            { "groups.members", Good with { Groups = Good.Groups with { Members = 2 }, Calls = Good.Calls with { LateEntryShare = 0.1m } } },
            { "groups.pattern", Good with { Groups = Good.Groups with { Pattern = Good.Users.Pattern } } },
            { "calls.arrivals", Good with { Calls = Good.Calls with { Arrivals = "sometimes" } } },
            { "calls.perSecond", Good with { Calls = Good.Calls with { PerSecond = 2 } } },
            { "calls.length.kind", Good with { Calls = Good.Calls with { Length = new DurationProfile { Kind = "long", Seconds = 1 } } } },
            { "calls.length.seconds", Good with { Calls = Good.Calls with { Length = new DurationProfile() } } },
            { "bursts.length.minSeconds", Good with { Bursts = Good.Bursts with { Length = new DurationProfile { Kind = "uniform", MinSeconds = 3, MaxSeconds = 2 } } } },
            { "bursts.contenders", Good with { Bursts = Good.Bursts with { ContentionShare = 1, Contenders = 4 } } },
            { "voice.packetTimeMs", Good with { Voice = Good.Voice with { PacketTimeMs = 25 } } },
            { "voice.payloadOctets", Good with { Voice = Good.Voice with { PayloadOctets = 10 } } },
            { "voice.codec", Good with { Voice = Good.Voice with { Codec = "opus" } } },
            { "network.lose", Good with { Network = Good.Network with { Lose = 1.1m } } },
            { "phases.steadySeconds", Good with { Phases = Good.Phases with { SteadySeconds = 0 } } },
            { "thresholds[0]", Good with { Thresholds = [new ThresholdProfile()] } },
            { "thresholds[0]", Good with { Thresholds = [new ThresholdProfile { Measure = "floorAccess", Count = "denied" }] } },
            { "thresholds[0].measure", Good with { Thresholds = [new ThresholdProfile { Measure = "happiness", MaxMs = 1 }] } },
            { "thresholds[0].maxMs", Good with { Thresholds = [new ThresholdProfile { Measure = "floorAccess" }] } },
            { "thresholds[0].count", Good with { Thresholds = [new ThresholdProfile { Count = "smiles" }] } },
        };

    [Fact]
    public void The_defaults_are_a_valid_profile() => Assert.Empty(LoadProfileRules.Check(Good));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Each_fault_names_its_field_and_what_to_write(string field, LoadProfile profile)
    {
        var fault = Assert.Single(LoadProfileRules.Check(profile));

        Assert.Equal(field, fault.Field);
        Assert.NotEmpty(fault.Problem);
        Assert.NotEmpty(fault.Fix);
    }

    [Fact]
    public void More_than_one_fault_is_told_at_once() =>
        Assert.Equal(
            ["users.registrationsPerSecond", "voice.codec"],
            LoadProfileRules.Check(Good with { Users = Good.Users with { RegistrationsPerSecond = 0 }, Voice = Good.Voice with { Codec = "x" } }).Select(fault => fault.Field));

    [Fact]
    public void Names_follow_their_patterns()
    {
        var names = LoadNames.Of(Good with
        {
            Users = Good.Users with { Pattern = "sip:u-{n:3}@example.org", First = 9, Password = "pw{n}" },
            Calls = Good.Calls with { LateEntryShare = 0.5m },
        });

        Assert.Equal("sip:u-009@example.org", names.User(0));
        Assert.Equal("sip:u-1009@example.org", names.User(1000));
        Assert.Equal("pw10", names.Password(1));
        Assert.Equal([4, 5, 6, 7], names.MembersOf(1));
        Assert.Equal([3, 7], Enumerable.Range(0, 8).Where(names.IsLate));
    }
}
