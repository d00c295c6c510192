namespace Mcptt.Load.Profiles;

/// <summary>What load is made, as the profile file says it. What is left out has the default; <see cref="LoadProfileRules"/> says what fits together.</summary>
public sealed record LoadProfile
{
    public UsersProfile Users { get; init; } = new();

    public GroupsProfile Groups { get; init; } = new();

    public CallsProfile Calls { get; init; } = new();

    public BurstsProfile Bursts { get; init; } = new();

    public VoiceProfile Voice { get; init; } = new();

    public NetworkProfile Network { get; init; } = new();

    public PhasesProfile Phases { get; init; } = new();

    public ServersProfile Servers { get; init; } = new();

    public LimitsProfile Limits { get; init; } = new();

    /// <summary>What must hold; the exit code says whether it does.</summary>
    public IReadOnlyList<ThresholdProfile> Thresholds { get; init; } = [];

    /// <summary>Of all random choices: the same seed plans the same calls.</summary>
    public uint Seed { get; init; } = 1;
}

public sealed record UsersProfile
{
    public uint Count { get; init; } = 120;

    /// <summary>MCPTT IDs; {n} is the number, {n:5} with five digits.</summary>
    public string Pattern { get; init; } = "sip:load-{n:5}@example.org";

    /// <summary>Number of the first user: several generators at one server take different ranges.</summary>
    public uint First { get; init; } = 1;

    /// <summary>Also with {n}; empty: an open server, or <see cref="Trusted"/>.</summary>
    public string Password { get; init; } = "";

    /// <summary>Be a trusted upstream of the server: identities are asserted, nobody is challenged.</summary>
    public bool Trusted { get; init; }

    public decimal RegistrationsPerSecond { get; init; } = 50;

    /// <summary>Refreshed by itself when four fifths of it have passed.</summary>
    public decimal ExpiresSeconds { get; init; } = 3600;
}

public sealed record GroupsProfile
{
    public uint Count { get; init; } = 30;

    public string Pattern { get; init; } = "sip:load-group-{n:4}@example.org";

    public uint First { get; init; } = 1;

    /// <summary>Each group has members of its own: the first group the first users, and so on.</summary>
    public uint Members { get; init; } = 4;

    /// <summary>Members affiliate by PUBLISH after registering; false: the group document says so.</summary>
    public bool ExplicitAffiliation { get; init; }

    /// <summary>0: who presses while another talks is denied.</summary>
    public uint QueueDepth { get; init; } = 8;

    public bool Recorded { get; init; }
}

public sealed record CallsProfile
{
    public decimal PerSecond { get; init; } = 1;

    /// <summary>"random": exponential gaps, as independent users make them; "even": equal ones.</summary>
    public string Arrivals { get; init; } = "random";

    public DurationProfile Length { get; init; } = new() { Seconds = 15 };

    public decimal EmergencyShare { get; init; }

    /// <summary>Share of calls that one more member enters late. Above 0 the last member of each group is kept for it.</summary>
    public decimal LateEntryShare { get; init; }
}

public sealed record BurstsProfile
{
    public DurationProfile Length { get; init; } = new() { Seconds = 3 };

    public DurationProfile Pause { get; init; } = new() { Seconds = 1 };

    /// <summary>Share of bursts at which others press at the same moment.</summary>
    public decimal ContentionShare { get; init; }

    public uint Contenders { get; init; } = 1;
}

public sealed record DurationProfile
{
    /// <summary>"fixed", "uniform" (between min and max) or "exponential" (with this mean, kept between min and max).</summary>
    public string Kind { get; init; } = "fixed";

    public decimal Seconds { get; init; }

    public decimal MinSeconds { get; init; } = 0.5m;

    public decimal MaxSeconds { get; init; } = 120;
}

public sealed record VoiceProfile
{
    /// <summary>"pcmu" or "pcma".</summary>
    public string Codec { get; init; } = "pcmu";

    public uint PacketTimeMs { get; init; } = 20;

    /// <summary>0: what the codec takes. Another number stands for another codec's load, for instance 61 for AMR-WB 23.85.</summary>
    public uint PayloadOctets { get; init; }
}

/// <summary>What clients do wrong on purpose: shares of their floor messages, both ways.</summary>
public sealed record NetworkProfile
{
    public decimal Lose { get; init; }

    public decimal Duplicate { get; init; }

    public decimal Reorder { get; init; }
}

public sealed record PhasesProfile
{
    /// <summary>The rate of calls climbs for so long, after everybody has registered.</summary>
    public decimal RampSeconds { get; init; } = 5;

    /// <summary>What is judged.</summary>
    public decimal SteadySeconds { get; init; } = 60;

    /// <summary>No new calls; those under way may end for so long.</summary>
    public decimal CoolDownSeconds { get; init; } = 60;
}

public sealed record ServersProfile
{
    /// <summary>With several servers: a request to which one says nothing for so long goes to the next.</summary>
    public decimal FailoverSeconds { get; init; } = 2;

    /// <summary>With several servers: each is asked by OPTIONS so often.</summary>
    public decimal ProbeSeconds { get; init; } = 0.5m;
}

/// <summary>Up to where the generator's own figures are to be believed.</summary>
public sealed record LimitsProfile
{
    /// <summary>99 % of all steps are taken within so much of their time.</summary>
    public decimal ScheduleLagMs { get; init; } = 20;

    /// <summary>The same for voice packets.</summary>
    public decimal VoiceLagMs { get; init; } = 20;
}

/// <summary>Either a percentile of a measure in milliseconds, or a count.</summary>
public sealed record ThresholdProfile
{
    public string? Measure { get; init; }

    public decimal Percentile { get; init; } = 95;

    public decimal MaxMs { get; init; }

    public string? Count { get; init; }

    public uint Max { get; init; }
}
