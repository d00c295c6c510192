using System.Text;
using Mcptt.Protocol.Floor;

namespace Mcptt.Protocol.Tests.Floor;

/// <summary>Messages of any type with any set of fields, in the form that decoding gives.</summary>
internal static class RandomFloorMessages
{
    private const string Letters = "abcxyz019:@.-_~%äß€";

    public static FloorMessage Next(Random random)
    {
        var types = Enum.GetValues<FloorMessageType>();
        var type = types[random.Next(types.Length)];
        return new FloorMessage(type, (uint)random.NextInt64(1L << 32))
        {
            AcknowledgementRequired = type.MayRequireAcknowledgement() && random.Next(2) == 0,
            Priority = Maybe(random, () => (byte)random.Next(256)),
            DurationSeconds = MaybeNumber(random),
            RejectCause = MaybeNumber(random) is { } cause ? cause : null,
            QueueInfo = Maybe(random, () => new QueueInfo((byte)random.Next(256), (byte)random.Next(256))),
            GrantedPartyIdentity = MaybeText(random),
            PermissionToRequestTheFloor = Maybe(random, () => random.Next(2) == 0),
            UserId = MaybeText(random),
            QueueSize = MaybeNumber(random),
            SequenceNumber = MaybeNumber(random),
            QueuedUserId = MaybeText(random),
            Source = (FloorSource?)MaybeNumber(random),
            TrackInfo = random.Next(3) == 0 ? TrackInfo(random) : null,
            AcknowledgedType = Maybe(random, () => types[random.Next(types.Length)]),
            Indicator = (FloorIndicator?)MaybeNumber(random),
            GrantedSsrc = Maybe(random, () => (uint)random.NextInt64(1L << 32)),
            GrantedUsers = MaybeTexts(random),
            Ssrcs = random.Next(3) == 0 ? FloorList.Create<uint>([.. Many(random, 63, () => (uint)random.NextInt64(1L << 32))]) : null,
            FunctionalAlias = MaybeText(random),
            FunctionalAliases = MaybeTexts(random),
            Location = random.Next(3) == 0 ? Location(random) : null,
            Locations = random.Next(3) == 0 ? FloorList.Create<FloorLocation>([.. Many(random, 30, () => Location(random))]) : null,
            Purpose = (QueuedFloorRequestsPurpose?)MaybeNumber(random),
            QueuedUsers = MaybeTexts(random),
            ResponseState = MaybeNumber(random),
            MediaFlowControl = MaybeNumber(random),
            RevokeRequestUserId = MaybeText(random),
        };
    }

    public static FloorMessage NextWithPhrase(Random random) =>
        Next(random) is var message && message.RejectCause is not null ? message with { RejectPhrase = Text(random, 1, 60) } : message;

    private static FloorTrackInfo TrackInfo(Random random) =>
        FloorTrackInfo.Create(
            random.Next(2) == 0,
            Text(random, 0, 20),
            [.. Many(random, 5, () => (uint)random.NextInt64(1L << 32))]
        );

    private static FloorLocation Location(Random random)
    {
        var plmn = new byte[3];
        random.NextBytes(plmn);
        return random.Next(7) switch
        {
            0 => FloorLocation.NotProvided,
            1 => FloorLocation.Ecgi(plmn, (uint)random.NextInt64(1L << 32)),
            2 => FloorLocation.TrackingArea(plmn, (ushort)random.Next(65536)),
            3 => FloorLocation.OfPlmn(plmn),
            4 => FloorLocation.MbmsServiceArea((ushort)random.Next(65536)),
            5 => FloorLocation.MbsfnArea((byte)random.Next(256)),
            _ => FloorLocation.Coordinates((uint)random.Next(1 << 24), (uint)random.Next(1 << 24)),
        };
    }

    private static FloorList<string>? MaybeTexts(Random random) =>
        random.Next(3) == 0 ? FloorList.Create<string>([.. Many(random, 8, () => Text(random, 0, 10))]) : null;

    private static string? MaybeText(Random random) => random.Next(3) == 0 ? Text(random, 0, 60) : null;

    private static string Text(Random random, int from, int to)
    {
        var text = new StringBuilder();
        for (var i = random.Next(from, to + 1); i > 0; i--)
        {
            text.Append(Letters[random.Next(Letters.Length)]);
        }

        return text.ToString();
    }

    private static ushort? MaybeNumber(Random random) => Maybe(random, () => (ushort)random.Next(65536));

    private static T? Maybe<T>(Random random, Func<T> value)
        where T : struct => random.Next(3) == 0 ? value() : null;

    private static IEnumerable<T> Many<T>(Random random, int most, Func<T> value) => Enumerable.Range(0, random.Next(most + 1)).Select(_ => value());
}
