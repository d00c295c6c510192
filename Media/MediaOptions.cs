using System.Diagnostics.Metrics;
using System.Net;
using Mcptt.Media.Recording;

namespace Mcptt.Media;

public sealed record MediaOptions
{
    /// <summary>Makes the meter; null: one of no server in particular.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>Name of this node: in command ids, and in the session's outcome.</summary>
    public string NodeName { get; init; } = "media-1";

    /// <summary>Names this run of the process: sessions of another one are gone. Empty: the time of the start.</summary>
    public string Run { get; init; } = "";

    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    /// <summary>What SDP shows; empty: the bind address.</summary>
    public string AdvertisedAddress { get; init; } = "";

    public MediaPortRange Ports { get; init; } = new(20000, 39999);

    /// <summary>At the limit an OpenMediaSession fails, and the call is refused with 503.</summary>
    public int MaxSessions { get; init; } = 8192;

    /// <summary>T1 (TS 24.380 table 11.1.3-1) where a talker names none, and the silence that ends a burst without permission.</summary>
    public TimeSpan EndOfRtp { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A leg that lost the floor may finish for so long before its packets count as sent without permission: they were under way when it released.</summary>
    public TimeSpan TrailingMedia { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A leg whose SDP shows a private address is known by its first packet from a public one.</summary>
    public bool LatchBehindNat { get; init; } = true;

    /// <summary>How often the call of a session is asked whether it is still here. A session that lost its call is forwarded for as long at most.</summary>
    public TimeSpan SessionCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Null: recorded calls go unrecorded, and their history says so.</summary>
    public RecordingOptions? Recording { get; init; }

    /// <summary>Null: received packets are forwarded by the receive loop itself, which costs least.</summary>
    public IRtpPipeline? Pipeline { get; init; }

    public string ShownAddress => AdvertisedAddress.Length > 0 ? AdvertisedAddress : BindAddress.ToString();

    /// <summary>What is wrong with these options, for people, by the option's name.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (NodeName.Length == 0)
        {
            problems.Add($"{nameof(NodeName)} is empty: command ids are made from it.");
        }

        if (!Ports.IsValid)
        {
            problems.Add($"{nameof(Ports)} {Ports.First}-{Ports.Last} holds no even port with the odd one behind it; give for instance 20000-39999.");
        }

        if (AdvertisedAddress.Length == 0 && (BindAddress.Equals(IPAddress.Any) || BindAddress.Equals(IPAddress.IPv6Any)))
        {
            problems.Add($"{nameof(AdvertisedAddress)} is empty and {nameof(BindAddress)} is {BindAddress}: phones could not reach it; give the address that SDP shows.");
        }

        if (MaxSessions < 1)
        {
            problems.Add($"{nameof(MaxSessions)} is {MaxSessions}: at least 1.");
        }

        if (SessionCheck <= TimeSpan.Zero)
        {
            problems.Add($"{nameof(SessionCheck)} is {SessionCheck}: above zero.");
        }

        if (EndOfRtp <= TimeSpan.Zero)
        {
            problems.Add($"{nameof(EndOfRtp)} is {EndOfRtp}: T1 is above zero.");
        }

        if (Recording is not null)
        {
            problems.AddRange(Recording.Problems().Select(problem => $"{nameof(Recording)}.{problem}"));
            if (!NodeName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            {
                problems.Add($"{nameof(NodeName)} {NodeName} cannot be the name of a folder: letters, digits, - and _.");
            }
        }

        return problems;
    }
}
