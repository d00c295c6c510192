using Mcptt.Domain.Audit.Stories;

namespace Mcptt.Domain.Ports;

/// <summary>Calls of the journal, told from beginning to end. Reading only. What cannot be read throws <see cref="AuditUnavailableException"/>.</summary>
public interface ICallStories
{
    /// <summary>Ids of calls that begin with what was written, in their order; at most so many.</summary>
    ValueTask<IReadOnlyList<string>> FindAsync(string beginning, int limit, CancellationToken cancellationToken);

    /// <summary>Null: no event of such a call.</summary>
    ValueTask<CallStory?> TellAsync(string call, CancellationToken cancellationToken);

    /// <summary>The latest calls, the last one first: when, whose, who took part; nothing of the floor.</summary>
    ValueTask<IReadOnlyList<CallStory>> LatestAsync(CallFilter filter, int count, CancellationToken cancellationToken);
}

/// <summary>Which calls are wanted; what is empty does not count.</summary>
public sealed record CallFilter
{
    /// <summary>MCPTT ID of somebody that the call's events name.</summary>
    public string User { get; init; } = "";

    public string Group { get; init; } = "";

    /// <summary>Begun at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Begun before this time.</summary>
    public DateTimeOffset? To { get; init; }
}
