using System.Diagnostics.Metrics;
using System.Net;

namespace Mcptt.Api;

public sealed record ApiOptions
{
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Bearer token of the operator; empty: none. Without any token only this machine gets in.</summary>
    public string Token { get; init; } = "";

    /// <summary>Further tokens, each with its roles.</summary>
    public IReadOnlyList<ApiToken> Tokens { get; init; } = [];

    internal IEnumerable<ApiToken> AllTokens => Token.Length > 0 ? Tokens.Prepend(new ApiToken(ApiRoles.Operator, Token, [ApiRoles.Operator])) : Tokens;

    /// <summary>Whoever reaches the API may read /metrics, without a token.</summary>
    public bool MetricsOpen { get; init; }

    public string NodeName { get; init; } = "node";

    public string Version { get; init; } = "";

    /// <summary>What this node does; told by /v1/health.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Realm of the HA1 values made from passwords.</summary>
    public string Realm { get; init; } = "";

    /// <summary>Algorithms for which HA1 values are made: "SHA-256", "MD5".</summary>
    public IReadOnlyList<string> DigestAlgorithms { get; init; } = [DigestPassword.Sha256];

    /// <summary>A larger request is refused with 413. A group of 10 000 members takes about 1 MB.</summary>
    public long MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Connections beyond this are closed at once.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Answers that are being read from the journal at once; a further one is refused with 503, so that auditors never hold up calls.</summary>
    public int MaxAuditReadings { get; init; } = 4;

    /// <summary>Clients that follow /v1/events at once; a further one is refused with 503.</summary>
    public int MaxEventStreams { get; init; } = 32;

    /// <summary>A client that does not take an event for so long is disconnected, and counted; it resumes where it was.</summary>
    public TimeSpan EventSendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A comment is sent when nothing happened for so long, so that whoever is between knows that somebody is there.</summary>
    public TimeSpan EventHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often it is looked whether nodes and shards changed.</summary>
    public TimeSpan ClusterPoll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>A command without a reply by then is answered 504.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);
}
