using System.Globalization;

namespace Mcptt.Protocol.Sdp;

/// <summary>
/// The parameters of a=fmtp:MCPTT (TS 24.380 14.2). Reading never fails: an unknown parameter or a bad number is as if it
/// were not there, and the misspelling mc_queing that clients in the field send is understood.
/// </summary>
public sealed record McpttFmtp
{
    public const string Format = "MCPTT";

    public bool Queueing { get; init; }

    public byte? Priority { get; init; }

    public bool Granted { get; init; }

    public bool ImplicitRequest { get; init; }

    public uint? Ssrc { get; init; }

    public uint? FloorSsrc { get; init; }

    public bool NoFloorControl { get; init; }

    /// <summary>Of an m=application line; no parameter at all when it has no a=fmtp:MCPTT.</summary>
    public static McpttFmtp Of(MediaDescription media) => Parse(media.Attributes.FindForFormat("fmtp", Format) ?? "");

    public static McpttFmtp Parse(ReadOnlySpan<char> parameters)
    {
        var fmtp = new McpttFmtp();
        foreach (var range in parameters.SplitAny(';', ' ', '\t'))
        {
            var parameter = parameters[range];
            var equals = parameter.IndexOf('=');
            var name = equals < 0 ? parameter : parameter[..equals];
            fmtp = fmtp.With(name.ToString().ToLowerInvariant(), equals < 0 ? [] : parameter[(equals + 1)..]);
        }

        return fmtp;
    }

    /// <summary>The value after "a=fmtp:", or just the format when there is nothing to say.</summary>
    public override string ToString()
    {
        var parameters = new List<string>(7);
        Add(parameters, Queueing, "mc_queueing");
        Add(parameters, Priority is not null, "mc_priority=" + Priority);
        Add(parameters, Granted, "mc_granted");
        Add(parameters, ImplicitRequest, "mc_implicit_request");
        Add(parameters, Ssrc is not null, "mc_ssrc=" + Ssrc);
        Add(parameters, FloorSsrc is not null, "mc_floor_ssrc=" + FloorSsrc);
        Add(parameters, NoFloorControl, "mc_no_floor_ctrl");
        return parameters.Count == 0 ? Format : Format + " " + string.Join(';', parameters);
    }

    private static void Add(List<string> parameters, bool present, string parameter)
    {
        if (present)
        {
            parameters.Add(parameter);
        }
    }

    private McpttFmtp With(string name, ReadOnlySpan<char> value) =>
        name switch
        {
            "mc_queueing" or "mc_queing" or "mc_queuing" => this with { Queueing = true },
            "mc_priority" => TryNumber(value, out var priority) && priority <= byte.MaxValue ? this with { Priority = (byte)priority } : this,
            "mc_granted" => this with { Granted = true },
            "mc_implicit_request" => this with { ImplicitRequest = true },
            "mc_ssrc" => TryNumber(value, out var ssrc) ? this with { Ssrc = ssrc } : this,
            "mc_floor_ssrc" => TryNumber(value, out var ssrc) ? this with { FloorSsrc = ssrc } : this,
            "mc_no_floor_ctrl" => this with { NoFloorControl = true },
            _ => this,
        };

    private static bool TryNumber(ReadOnlySpan<char> value, out uint number) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
