using System.Buffers.Binary;
using Mcptt.Protocol.Floor;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Floor;

public sealed class FloorCodecTests
{
    private const int RandomMessages = 3000;

    public static TheoryData<string> SampleNames => [.. FloorSamples.All.Keys];

    [Fact]
    [Clause("TS24.380 8.2.2")]
    public void Samples_hold_every_defined_message_type()
    {
        Assert.Equal(Enum.GetValues<FloorMessageType>(), FloorSamples.All.Values.Select(sample => sample.Type).Distinct().Order());
    }

    [Fact]
    [Clause("TS24.380 8.2.3")]
    public void Samples_hold_every_field()
    {
        var seen = new SortedSet<byte>();
        foreach (var sample in FloorSamples.All.Values)
        {
            seen.UnionWith(FieldIds(FloorCodec.Encode(sample)));
        }

        Assert.Equal(Enum.GetValues<FloorFieldId>().Select(id => (byte)id), seen);
    }

    [Theory]
    [MemberData(nameof(SampleNames))]
    [Clause("TS24.380 8.2")]
    public void Sample_encodes_to_its_golden_bytes_and_they_decode_to_the_sample(string name)
    {
        var sample = FloorSamples.All[name];
        var golden = Convert.FromHexString(File.ReadAllText(Path.Combine(Corpus.Folder("floor"), name + ".hex")).Trim());

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(FloorCodec.Encode(sample)));
        Assert.True(FloorCodec.TryDecode(golden, out var decoded, out var octets));
        Assert.Equal(sample, decoded);
        Assert.Equal(golden.Length, octets);
    }

    [Fact]
    [Clause("TS24.380 8.1.3")]
    public void Any_message_survives_encoding_and_decoding()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        for (var i = 0; i < RandomMessages; i++)
        {
            var message = RandomFloorMessages.NextWithPhrase(random);
            var bytes = FloorCodec.Encode(message);
            Assert.True(FloorCodec.TryDecode(bytes, out var decoded, out var octets), $"seed {seed}, step {i}: {message}");
            Assert.True(message == decoded, $"seed {seed}, step {i}: {message} came back as {decoded}");
            Assert.Equal(bytes.Length, octets);
            Assert.True(bytes.Length % 4 == 0, $"seed {seed}, step {i}: {bytes.Length} octets");
        }
    }

    [Fact]
    [Clause("TS24.380 8.1.2")]
    public void Several_messages_in_one_datagram_are_read_one_after_the_other()
    {
        byte[] datagram =
        [
            .. FloorCodec.Encode(FloorSamples.All["release"]),
            .. FloorCodec.Encode(FloorSamples.All["request"]),
            .. FloorCodec.Encode(FloorSamples.All["ack"]),
        ];

        Assert.Equal([FloorMessageType.FloorRelease, FloorMessageType.FloorRequest, FloorMessageType.FloorAck], Walk(datagram).Select(message => message.Type));
    }

    [Fact]
    [Clause("TS24.380 8.1.4")]
    public void Undefined_subtype_is_ignored_whole_and_the_walk_goes_on_behind_it()
    {
        foreach (var subtype in Enumerable.Range(0, 32).Where(subtype => !IsDefined(subtype)))
        {
            var undefined = FloorCodec.Encode(FloorSamples.All["idle"]);
            undefined[0] = (byte)(0x80 | subtype);
            byte[] datagram = [.. undefined, .. FloorCodec.Encode(FloorSamples.All["release"])];

            Assert.Equal([FloorMessageType.FloorRelease], Walk(datagram).Select(message => message.Type));
        }
    }

    [Fact]
    public void Other_RTCP_packets_and_other_APP_names_are_passed_over()
    {
        byte[] receiverReport = [0x80, 201, 0, 1, 1, 2, 3, 4];
        var otherName = FloorCodec.Encode(FloorSamples.All["idle"]);
        "MCPC"u8.CopyTo(otherName.AsSpan(8));

        Assert.Equal(FloorSamples.All["ack"], Assert.Single(Walk([.. receiverReport, .. otherName, .. FloorCodec.Encode(FloorSamples.All["ack"])])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("80CC0002112233444D4350")]
    [InlineData("00CC0002112233444D435054")]
    [InlineData("80CCFFFF112233444D435054")]
    public void What_is_no_RTCP_packet_ends_the_walk(string hex)
    {
        Assert.False(FloorCodec.TryDecode(Convert.FromHexString(hex), out _, out var octets));
        Assert.Equal(0, octets);
    }

    [Theory]
    [InlineData("80CC00011122334400000000")] // Too short for a name.
    [InlineData("A0CC0002112233444D435054")] // P is 0 in a floor message.
    [InlineData("80CB0002112233444D435054")] // BYE.
    public void Packet_that_is_no_floor_message_is_passed_over(string hex)
    {
        Assert.False(FloorCodec.TryDecode(Convert.FromHexString(hex), out _, out var octets));
        Assert.True(octets > 0);
    }

    [Theory]
    [InlineData("0DFA8000")] // A fixed field that claims 250 octets.
    [InlineData("06050102")]
    [InlineData("C8010000")]
    [InlineData("C0FFFF00")]
    public void Field_that_leaves_its_packet_spoils_the_message_but_not_the_next(string field)
    {
        byte[] datagram = [.. WithFields(field), .. FloorCodec.Encode(FloorSamples.All["ack"])];

        Assert.Equal([FloorMessageType.FloorAck], Walk(datagram).Select(message => message.Type));
    }

    [Fact]
    [Clause("TS24.380 8.1.3")]
    public void Unknown_fields_are_skipped_by_their_length_also_with_two_length_octets()
    {
        var message = Assert.Single(Walk(WithFields("1E05AABBCCDDEE00" + "C80003AABBCC0000" + "66020900" + "00020700")));

        Assert.Equal(new FloorMessage(FloorMessageType.FloorRequest, 0x11223344) { Priority = 7 }, message);
    }

    [Theory]
    [InlineData("00000000")] // Floor Priority without an octet.
    [InlineData("01010500")] // Duration of one octet.
    [InlineData("0E0311223300 0000")] // SSRC of three octets.
    [InlineData("0F0302056100 0000")] // A list that says 2 and has less than one.
    [InlineData("1007020000112233 44000000")] // Two SSRCs announced, one there.
    [InlineData("13020105")] // ECGI cut short.
    [InlineData("13020900")] // Unknown location type.
    [InlineData("0B010100")] // Track Info without participant type length.
    [InlineData("0402FF61")] // Not UTF-8.
    public void Field_too_short_for_its_value_is_as_good_as_absent(string field)
    {
        var message = Assert.Single(Walk(WithFields(field.Replace(" ", "", StringComparison.Ordinal))));

        Assert.Equal(new FloorMessage(FloorMessageType.FloorRequest, 0x11223344), message);
    }

    [Fact]
    public void List_of_queued_users_is_read_with_one_or_two_length_octets()
    {
        foreach (var field in new[] { "1607" + "02" + "026161" + "026262" + "000000", "1609" + "02" + "00026161" + "00026262" + "00" })
        {
            Assert.Equal(["aa", "bb"], Assert.Single(Walk(WithFields(field))).QueuedUsers!);
        }
    }

    [Fact]
    [Clause("TS24.380 8.2.3.14")]
    public void Message_type_of_an_acknowledgement_is_read_without_its_acknowledgement_bit()
    {
        Assert.Equal(FloorMessageType.FloorRelease, Assert.Single(Walk(WithFields("0C021400"))).AcknowledgedType);
    }

    [Fact]
    [Clause("TS24.380 8.2.3.13")]
    public void Track_info_is_kept_octet_for_octet()
    {
        var fields = "0B0C0103" + "64697300" + "CAFE0001" + "0102";
        var message = Assert.Single(Walk(WithFields(fields + "0000")));

        Assert.Equal("0103" + "64697300" + "CAFE0001" + "0102", Convert.ToHexString(message.TrackInfo!.Value));
        Assert.Equal("dis", message.TrackInfo.ParticipantType);
        Assert.True(message.TrackInfo.QueueingCapability);
    }

    [Fact]
    public void Text_too_long_for_its_field_is_left_out_rather_than_cut()
    {
        var message = new FloorMessage(FloorMessageType.FloorTaken, 1)
        {
            GrantedPartyIdentity = new string('a', FloorCodec.MaxValueOctets + 1),
            UserId = new string('b', FloorCodec.MaxValueOctets),
            RejectCause = 255,
            RejectPhrase = new string('c', FloorCodec.MaxValueOctets - 1),
        };

        Assert.Equal(message with { GrantedPartyIdentity = null, RejectPhrase = null }, Assert.Single(Walk(FloorCodec.Encode(message))));
    }

    [Fact]
    public void Lists_take_as_many_whole_items_as_the_field_holds()
    {
        var message = new FloorMessage(FloorMessageType.FloorTaken, 1)
        {
            GrantedUsers = FloorList.Create<string>([.. Enumerable.Repeat(new string('u', 99), 5)]),
            Ssrcs = FloorList.Create<uint>([.. Enumerable.Range(1, 100).Select(ssrc => (uint)ssrc)]),
            Locations = FloorList.Create<FloorLocation>([.. Enumerable.Repeat(FloorLocation.MbsfnArea(1), 200)]),
        };

        var decoded = Assert.Single(Walk(FloorCodec.Encode(message)));

        Assert.Equal((2, 63, 127), (decoded.GrantedUsers!.Count, decoded.Ssrcs!.Count, decoded.Locations!.Count));
    }

    [Fact]
    public void Largest_message_fits_its_bound()
    {
        var text = new string('x', FloorCodec.MaxValueOctets);
        FloorList<string> texts = [new string('y', FloorCodec.MaxValueOctets - 2)];
        var message = new FloorMessage(FloorMessageType.FloorTaken, 1)
        {
            Priority = 1,
            DurationSeconds = 1,
            RejectCause = 1,
            RejectPhrase = text[2..],
            QueueInfo = new QueueInfo(1, 1),
            GrantedPartyIdentity = text,
            PermissionToRequestTheFloor = true,
            UserId = text,
            QueueSize = 1,
            SequenceNumber = 1,
            QueuedUserId = text,
            Source = FloorSource.Participant,
            TrackInfo = FloorTrackInfo.Create(true, text[4..]),
            AcknowledgedType = FloorMessageType.FloorAck,
            Indicator = FloorIndicator.NormalCall,
            GrantedSsrc = 1,
            GrantedUsers = texts,
            Ssrcs = FloorList.Create<uint>(new uint[63]),
            FunctionalAlias = text,
            FunctionalAliases = texts,
            Location = FloorLocation.Coordinates(1, 1),
            Locations = FloorList.Create<FloorLocation>([.. Enumerable.Repeat(FloorLocation.MbsfnArea(1), 127)]),
            Purpose = QueuedFloorRequestsPurpose.CancelRequest,
            QueuedUsers = texts,
            ResponseState = 1,
            MediaFlowControl = 1,
            RevokeRequestUserId = text,
        };

        Assert.Equal(message, Assert.Single(Walk(FloorCodec.Encode(message))));
    }

    [Fact]
    public void Acknowledgement_bit_is_written_only_where_the_type_has_it()
    {
        foreach (var type in Enum.GetValues<FloorMessageType>())
        {
            var first = FloorCodec.Encode(new FloorMessage(type, 1) { AcknowledgementRequired = true })[0];
            Assert.Equal(type.MayRequireAcknowledgement(), (first & 0x10) != 0);
        }
    }

    [Fact]
    public void Deny_and_revoke_read_the_same_number_in_number_spaces_of_their_own()
    {
        var deny = FloorMessage.Deny(1, FloorDenyCause.RetryAfterTimerRunning);
        var revoke = FloorMessage.Revoke(1, FloorRevokeCause.MediaBurstPreempted);

        Assert.Equal(deny.RejectCause, revoke.RejectCause);
        Assert.Equal((FloorDenyCause.RetryAfterTimerRunning, null), (deny.DenyCause!.Value, deny.RevokeCause));
        Assert.Equal((FloorRevokeCause.MediaBurstPreempted, null), (revoke.RevokeCause!.Value, revoke.DenyCause));
    }

    private static bool IsDefined(int subtype) =>
        (subtype & 0x10) == 0
            ? ((FloorMessageType)subtype).IsDefined()
            : ((FloorMessageType)(subtype & 0x0F)).IsDefined() && ((FloorMessageType)(subtype & 0x0F)).MayRequireAcknowledgement();

    private static byte[] WithFields(string hex)
    {
        byte[] packet = [0x80, 204, 0, 0, 0x11, 0x22, 0x33, 0x44, .. "MCPT"u8, .. Convert.FromHexString(hex)];
        Assert.Equal(0, packet.Length % 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
        return packet;
    }

    private static List<FloorMessage> Walk(ReadOnlySpan<byte> datagram)
    {
        var messages = new List<FloorMessage>();
        while (!datagram.IsEmpty)
        {
            if (FloorCodec.TryDecode(datagram, out var message, out var octets))
            {
                messages.Add(message);
            }

            if (octets == 0)
            {
                break;
            }

            datagram = datagram[octets..];
        }

        return messages;
    }

    private static List<byte> FieldIds(ReadOnlySpan<byte> packet)
    {
        var ids = new List<byte>();
        for (var at = 12; at < packet.Length; at += 2 + packet[at + 1] + (-(2 + packet[at + 1]) & 3))
        {
            ids.Add(packet[at]);
        }

        return ids;
    }
}
