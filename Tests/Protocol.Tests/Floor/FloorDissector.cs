using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Mcptt.Protocol.Floor;

namespace Mcptt.Protocol.Tests.Floor;

/// <summary>A floor datagram as a capture has it.</summary>
internal sealed record FloorFrame(DateTimeOffset Time, IPEndPoint From, IPEndPoint To, byte[] Octets);

/// <summary>
/// tshark, and what it is to say of a message. Quirks of tshark 4.0: it has no names for subtype 7 and the fields 21 to 25 (their octets are
/// compared), an acknowledged Deny has its cause in a field of its own, and it pads every item of a List of Locations as if it were a field,
/// so of such a list only its number and first type are compared.
/// </summary>
internal static class FloorDissector
{
    private const int FirstUnnamedField = 21;

    /// <summary>Of the frame, not of the message in it.</summary>
    public static IReadOnlyList<string> FrameColumns { get; } = ["frame.time_epoch", "udp.srcport", "udp.dstport", "_ws.expert.message"];

    private static readonly string[] Columns =
    [
        "rtcp.app.name",
        "rtcp.app.subtype",
        "rtcp.ssrc.identifier",
        "rtcp.mcptt.fld_id",
        "rtcp.app_data.mcptt.priority",
        "rtcp.app_data.mcptt.duration",
        "rtcp.app_data.mcptt.rej_cause.floor_deny",
        "rtcp.app_data.mcptt.rej_cause.floor_revoke",
        "rtcp.app_data.mcptt.rej_cause",
        "rtcp.mcptt.rej_phrase",
        "rtcp.app_data.mcptt.queue_pos_inf",
        "rtcp.app_data.mcptt.queue_pri_lev",
        "rtcp.mcptt.granted_partys_id",
        "rtcp.app_data.mcptt.perm_to_req_floor",
        "rtcp.app_data.mcptt.user_id",
        "rtcp.app_data.mcptt.queue_size",
        "rtcp.app_data.mcptt.msg_seq_num",
        "rtcp.mcptt.queued_user_id",
        "rtcp.app_data.mcptt.source",
        "rtcp.app_data.mcptt.queueing_cap",
        "rtcp.mcptt.participant_type",
        "rtcp.app_data.mcptt.floor_participant_ref",
        "rtcp.app_data.mcptt.msg_type",
        "rtcp.app_data.mcptt.floor_ind",
        "rtcp.app_data.mcptt.rtcp",
        "rtcp.app_data.mcptt.num_users",
        "rtcp.app_data.mcptt.num_ssrc",
        "rtcp.mcptt.func_alias",
        "rtcp.app_data.mcptt.num_fa",
        "rtcp.app_data.mcptt.num_loc",
        "rtcp.app_data.mcptt.loc_type",
        "rtcp.app_data.mcptt.ecgi_eci",
        "rtcp.app_data.mcptt.tac",
        "rtcp.app_data.mcptt.mbms_serv_area",
        "rtcp.app_data.mcptt.mbsfn_area_id",
        "rtcp.app_data.mcptt.lat",
        "rtcp.app_data.mcptt.long",
        "e212.ecgi.mcc",
        "e212.ecgi.mnc",
        "rtcp.mcptt.fld_val",
        "_ws.malformed",
        "rtcp.length_check.bad",
        "rtcp.appl.extra_bytes",
        "rtcp.appl.non_zero_pad",
    ];

    public static Dictionary<string, string> Expect(FloorMessage message) => Expect(message, FloorCodec.Encode(message));

    /// <param name="octets">The message as it stood on the wire.</param>
    public static Dictionary<string, string> Expect(FloorMessage message, ReadOnlySpan<byte> octets)
    {
        var fields = Fields(octets);
        var expected = new Dictionary<string, string>();
        void Put(string column, object? value) => _ = value is null || expected.TryAdd(column, Convert.ToString(value, CultureInfo.InvariantCulture)!);

        Put("rtcp.app.name", "MCPT");
        Put("rtcp.app.subtype", (int)message.Type + (message.AcknowledgementRequired ? 16 : 0));
        Put("rtcp.ssrc.identifier", $"0x{message.Ssrc:x8}");
        Put("rtcp.mcptt.fld_id", Joined(fields.Select(field => field.Id)));
        Put("rtcp.app_data.mcptt.priority", message.Priority);
        Put("rtcp.app_data.mcptt.duration", message.DurationSeconds);
        Put(CauseColumn(message), message.RejectCause);
        Put("rtcp.mcptt.rej_phrase", message.RejectPhrase);
        Put("rtcp.app_data.mcptt.queue_pos_inf", message.QueueInfo?.Position);
        Put("rtcp.app_data.mcptt.queue_pri_lev", message.QueueInfo?.Priority);
        Put("rtcp.mcptt.granted_partys_id", message.GrantedPartyIdentity);
        Put("rtcp.app_data.mcptt.perm_to_req_floor", message.PermissionToRequestTheFloor is { } may ? (may ? 1 : 0) : null);
        Put("rtcp.app_data.mcptt.user_id", Joined([.. Optional(message.UserId), .. message.GrantedUsers ?? []]));
        Put("rtcp.app_data.mcptt.queue_size", message.QueueSize);
        Put("rtcp.app_data.mcptt.msg_seq_num", message.SequenceNumber);
        Put("rtcp.mcptt.queued_user_id", message.QueuedUserId);
        Put("rtcp.app_data.mcptt.source", (int?)message.Source);
        Put("rtcp.app_data.mcptt.queueing_cap", message.TrackInfo is { } track ? (track.QueueingCapability ? 1 : 0) : null);
        Put("rtcp.mcptt.participant_type", message.TrackInfo?.ParticipantType);
        Put("rtcp.app_data.mcptt.floor_participant_ref", Joined(message.TrackInfo?.References ?? []));
        Put("rtcp.app_data.mcptt.msg_type", (int?)message.AcknowledgedType);
        Put("rtcp.app_data.mcptt.floor_ind", (int?)message.Indicator);
        Put("rtcp.app_data.mcptt.rtcp", Joined([.. message.GrantedSsrc is { } ssrc ? [ssrc] : Array.Empty<uint>(), .. message.Ssrcs ?? []]));
        Put("rtcp.app_data.mcptt.num_users", message.GrantedUsers?.Count);
        Put("rtcp.app_data.mcptt.num_ssrc", message.Ssrcs?.Count);
        Put("rtcp.mcptt.func_alias", Joined([.. Optional(message.FunctionalAlias), .. message.FunctionalAliases ?? []]));
        Put("rtcp.app_data.mcptt.num_fa", message.FunctionalAliases?.Count);
        Put("rtcp.app_data.mcptt.num_loc", message.Locations?.Count);
        Put("rtcp.app_data.mcptt.loc_type", (int?)(message.Location ?? message.Locations?[0])?.Type);
        PutLocation(message.Location, Put);
        Put("rtcp.mcptt.fld_val", Joined(fields.Where(field => field.Id >= FirstUnnamedField).Select(field => field.Value)));
        return expected;
    }

    private static void PutLocation(FloorLocation? location, Action<string, object?> put)
    {
        put("rtcp.app_data.mcptt.ecgi_eci", location?.CellIdentity);
        put("rtcp.app_data.mcptt.tac", location?.TrackingAreaCode);
        put("rtcp.app_data.mcptt.mbms_serv_area", location?.ServiceArea);
        put("rtcp.app_data.mcptt.mbsfn_area_id", location?.MbsfnAreaId);
        put("rtcp.app_data.mcptt.lat", location?.Point?.Latitude);
        put("rtcp.app_data.mcptt.long", location?.Point?.Longitude);

        // The samples' PLMN 62F210 is MCC 262, MNC 01.
        put("e212.ecgi.mcc", location is { Plmn.Length: > 0 } ? "262" : null);
        put("e212.ecgi.mnc", location is { Plmn.Length: > 0 } ? "1" : null);
    }

    private static string CauseColumn(FloorMessage message) =>
        message switch
        {
            { Type: FloorMessageType.FloorDeny, AcknowledgementRequired: false } => "rtcp.app_data.mcptt.rej_cause.floor_deny",
            { Type: FloorMessageType.FloorRevoke } => "rtcp.app_data.mcptt.rej_cause.floor_revoke",
            _ => "rtcp.app_data.mcptt.rej_cause",
        };

    public static void CutAtLocations(Dictionary<string, string> expected, Dictionary<string, string> row)
    {
        foreach (var column in new[] { "rtcp.mcptt.fld_id", "rtcp.app_data.mcptt.loc_type" })
        {
            Assert.StartsWith(expected[column], row[column], StringComparison.Ordinal);
            expected.Remove(column);
            row.Remove(column);
        }

        foreach (var column in row.Keys.Except(expected.Keys).ToList())
        {
            row.Remove(column);
        }
    }

    private static IEnumerable<string> Optional(string? text) => text is null ? [] : [text];

    private static string? Joined<T>(IEnumerable<T> values) => values.Any() ? string.Join(";", values) : null;

    public static string Text(Dictionary<string, string> row) =>
        string.Join("\n", row.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private static List<(byte Id, string Value)> Fields(ReadOnlySpan<byte> packet)
    {
        var fields = new List<(byte, string)>();
        for (var at = 12; at < packet.Length; at += 2 + packet[at + 1] + (-(2 + packet[at + 1]) & 3))
        {
            fields.Add((packet[at], Convert.ToHexStringLower(packet.Slice(at + 2, packet[at + 1]))));
        }

        return fields;
    }

    public static async Task<List<Dictionary<string, string>>> DissectAsync(IEnumerable<byte[]> datagrams)
    {
        var (from, to) = (new IPEndPoint(IPAddress.Loopback, 5000), new IPEndPoint(IPAddress.Loopback, 6000));
        var rows = await DissectAsync(datagrams.Select(octets => new FloorFrame(DateTimeOffset.UnixEpoch, from, to, octets)));
        foreach (var row in rows)
        {
            foreach (var column in FrameColumns)
            {
                row.Remove(column);
            }
        }

        return rows;
    }

    /// <summary>A row of every frame, in their order.</summary>
    public static async Task<List<Dictionary<string, string>>> DissectAsync(IEnumerable<FloorFrame> frames)
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-floor-");
        try
        {
            var capture = Path.Combine(folder.FullName, "floor.pcap");
            await WriteCaptureAsync(capture, frames);

            // RTCP whatever the port: another protocol may have its home at an ephemeral one.
            var arguments = new List<string> { "-r", capture, "-d", "udp.port==1024-65535,rtcp", "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", "-E", "aggregator=;" };
            arguments.AddRange(FrameColumns.Concat(Columns).SelectMany(column => new[] { "-e", column }));
            return [.. (await RunAsync("tshark", arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Row)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string> Row(string line) =>
        FrameColumns.Concat(Columns).Zip(line.Split('|')).Where(pair => pair.Second.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second);

    private static async Task WriteCaptureAsync(string path, IEnumerable<FloorFrame> frames)
    {
        const string RawIp = "101";
        var dump = new StringBuilder();
        foreach (var frame in frames)
        {
            dump.Append(frame.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff ", CultureInfo.InvariantCulture));
            dump.Append("000000 ").AppendJoin(' ', InIp(frame).Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture))).Append("\n\n");
        }

        var text = path + ".txt";
        await File.WriteAllTextAsync(text, dump.ToString());
        await RunAsync("text2pcap", ["-q", "-t", "%Y-%m-%d %H:%M:%S.%f", "-l", RawIp, text, path]);
    }

    // text2pcap gives all frames the same ports. Checksums stay 0: nobody looks at them.
    private static byte[] InIp(FloorFrame frame)
    {
        const int IpOctets = 20, UdpOctets = 8;
        var packet = new byte[IpOctets + UdpOctets + frame.Octets.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        (packet[8], packet[9]) = (64, 17);
        frame.From.Address.GetAddressBytes().CopyTo(packet, 12);
        frame.To.Address.GetAddressBytes().CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IpOctets), (ushort)frame.From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IpOctets + 2), (ushort)frame.To.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IpOctets + 4), (ushort)(UdpOctets + frame.Octets.Length));
        frame.Octets.CopyTo(packet, IpOctets + UdpOctets);
        return packet;
    }

    private static async Task<string> RunAsync(string tool, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{tool} ended with {process.ExitCode}: {await error}");
        return output;
    }
}
