using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Who is told the same shares one message; nobody is told what is another's.</summary>
[Clause("TS24.380 6.3.4")]
public sealed class MessagesToManyTests
{
    private const uint Talker = 1;
    private const uint Members = 33;

    [Theory]
    [InlineData(false, 1u)]
    [InlineData(true, 1u)]
    [InlineData(false, 2u)]
    public void Taken_says_to_each_what_that_one_may_do_and_is_encoded_once_for_all_who_may_the_same(bool broadcast, uint talkers)
    {
        var run = Mixed(broadcast, talkers).Request(Talker);

        AssertEach(run, FloorMessageType.FloorTaken, withoutTalker: true, (message, member) =>
            Assert.Equal(!member.ReceiveOnly && (!broadcast || member.Originator), message.PermissionToRequestTheFloor));
    }

    [Fact]
    public void Idle_says_to_each_what_was_negotiated() => AssertEach(Mixed().Request(Talker).Release(Talker), FloorMessageType.FloorIdle);

    [Fact]
    public void Release_Multi_Talker_says_to_each_what_was_negotiated() =>
        AssertEach(Mixed(maxTalkers: 2).Request(Talker).Release(Talker), FloorMessageType.FloorReleaseMultiTalker, withoutTalker: true);

    private static FloorRun Mixed(bool broadcast = false, uint maxTalkers = 1) =>
        FloorRun.Of(
            Members,
            rules => (rules.Broadcast, rules.MaxTalkers) = (broadcast, maxTalkers),
            Mix);

    private static void Mix(FloorParticipant member)
    {
        member.Queueing = member.Leg % 2 == 0;
        member.ReceiveOnly = member.Leg % 3 == 0;
        member.FloorChannel = member.Leg % 5 != 0;
    }

    private static void AssertEach(
        FloorRun run,
        FloorMessageType type,
        bool withoutTalker = false,
        Action<FloorMessage, FloorParticipant>? more = null)
    {
        var datagrams = run.Effects
            .Where(effect => effect.Media?.SendFloor is not null)
            .SelectMany(effect => effect.Media.SendFloor.Datagrams)
            .Select(datagram => (datagram.Legs, Message: Decode(datagram.Payload.Span)))
            .Where(sent => sent.Message.Type == type)
            .ToList();
        Assert.Equal(datagrams.Count, datagrams.Select(sent => sent.Message).Distinct().Count());
        foreach (var (legs, message) in datagrams)
        {
            foreach (var leg in legs)
            {
                var member = FloorRun.Participant(leg, Mix);
                Assert.Equal(member.Queueing, message.Indicator!.Value.HasFlag(FloorIndicator.QueueingSupported));
                more?.Invoke(message, member);
            }
        }

        var told = datagrams.SelectMany(sent => sent.Legs).Order();
        var expected = Enumerable.Range(1, (int)Members).Select(leg => (uint)leg).Where(leg => leg % 5 != 0 && !(withoutTalker && leg == Talker));
        Assert.Equal(expected, told);
    }

    private static FloorMessage Decode(ReadOnlySpan<byte> payload)
    {
        Assert.True(FloorCodec.TryDecode(payload, out var message, out var octets));
        Assert.Equal(payload.Length, octets);
        return message;
    }
}
