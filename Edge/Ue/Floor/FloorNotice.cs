namespace Mcptt.Ue.Floor;

/// <summary>What the user of a floor participant gets to know: tones and display of a radio, conditions of a script.</summary>
public abstract record FloorNotice
{
    private FloorNotice()
    {
    }

    /// <summary>The word by which scripts and event lines name it.</summary>
    public abstract string Word { get; }

    public sealed record Requested : FloorNotice
    {
        public override string Word => "requested";
    }

    public sealed record Granted(TimeSpan? Duration) : FloorNotice
    {
        public override string Word => "granted";
    }

    /// <summary>A queued request was granted while the button is up: press it before T132 ends.</summary>
    public sealed record GrantedAwaitingPress : FloorNotice
    {
        public override string Word => "granted-awaiting-press";
    }

    public sealed record Taken(string? By, bool MayRequest) : FloorNotice
    {
        public override string Word => "taken";
    }

    public sealed record Idle : FloorNotice
    {
        public override string Word => "idle";
    }

    public sealed record Denied(ushort Cause, string? Phrase) : FloorNotice
    {
        public override string Word => "denied";
    }

    public sealed record Revoked(ushort Cause, string? Phrase) : FloorNotice
    {
        public override string Word => "revoked";
    }

    /// <summary>Position 254: not queued; 255: queued, position not disclosed (8.2.3.5).</summary>
    public sealed record Queued(byte Position) : FloorNotice
    {
        public override string Word => "queued";
    }

    /// <summary>No answer to C101 requests, C100 releases or C104 position requests.</summary>
    public sealed record Unanswered(string Message) : FloorNotice
    {
        public override string Word => "unanswered";
    }

    public sealed record Released : FloorNotice
    {
        public override string Word => "released";
    }

    /// <summary>The server gave the floor to somebody else, or took it as idle, while we talked.</summary>
    public sealed record Lost : FloorNotice
    {
        public override string Word => "lost";
    }

    /// <summary>The button was pressed while the server allows no request (Permission to Request the Floor 0).</summary>
    public sealed record NotPermitted : FloorNotice
    {
        public override string Word => "not-permitted";
    }

    /// <summary>T103 ended: the talker has been silent for so long that its burst is over.</summary>
    public sealed record TalkerSilent : FloorNotice
    {
        public override string Word => "talker-silent";
    }

    /// <summary>One of several talkers stopped (Floor Release Multi Talker).</summary>
    public sealed record TalkerLeft(string? User) : FloorNotice
    {
        public override string Word => "talker-left";
    }
}
