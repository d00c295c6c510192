using System.Net;

namespace Mcptt.Api;

public sealed record ApiOptions
{
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Bearer token that every request but health must carry; empty: none, which is only safe on loopback.</summary>
    public string Token { get; init; } = "";

    public string NodeName { get; init; } = "node";

    public string Version { get; init; } = "";

    /// <summary>Realm of the HA1 values made from passwords.</summary>
    public string Realm { get; init; } = "";

    /// <summary>Algorithms for which HA1 values are made: "SHA-256", "MD5".</summary>
    public IReadOnlyList<string> DigestAlgorithms { get; init; } = [DigestPassword.Sha256];

    /// <summary>A larger request is refused with 413. A group of 10 000 members takes about 1 MB.</summary>
    public long MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Connections beyond this are closed at once.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>A command without a reply by then is answered 504.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(5);
}
