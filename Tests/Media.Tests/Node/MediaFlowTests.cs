using Mcptt.Protocol.Floor;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Media.Tests.Node;

/// <summary>Unicast Media Flow Control, from the datagram to the voice that is no longer sent.</summary>
public sealed class MediaFlowTests
{
    [Fact]
    [Clause("TS24.380 8.2.16")]
    public async Task Unicast_media_flow_control_becomes_a_command()
    {
        await using var media = await MediaHarness.StartAsync();
        var alice = await media.AddAsync(1);
        alice.SendFloor(FloorCodec.Encode(new FloorMessage(FloorMessageType.UnicastMediaFlowControl, alice.Ssrc) { MediaFlowControl = (ushort)MediaFlowControl.Resume, AcknowledgementRequired = true }));

        var command = await media.Sink.WaitForAsync(command => command.Floor is not null);
        Assert.Equal(new ControlMediaFlow { Leg = 1, Indicator = (uint)MediaFlowControl.Resume, Acknowledge = true }, command.Floor.ControlMediaFlow);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_leg_whose_flow_is_stopped_hears_nothing_until_it_goes_on(bool beforeItIsThere)
    {
        await using var media = await MediaHarness.StartAsync();
        if (beforeItIsThere)
        {
            await media.ApplyAsync(new MediaEffect { SetMediaFlow = new SetMediaFlow { Leg = 2, Stopped = true } });
        }

        var (alice, bob, carol) = (await media.AddAsync(1), await media.AddAsync(2), await media.AddAsync(3));
        if (!beforeItIsThere)
        {
            await media.ApplyAsync(new MediaEffect { SetMediaFlow = new SetMediaFlow { Leg = 2, Stopped = true } });
        }

        await media.TalkAsync(alice);
        Assert.Equal(alice.Speak(), await carol.ReceiveAsync());
        await media.WaitUntilHandledAsync();
        Assert.False(bob.HasReceived);
        await media.ApplyAsync(new MediaEffect { SetMediaFlow = new SetMediaFlow { Leg = 2, Stopped = false } });
        Assert.Equal(alice.Speak(), await bob.ReceiveAsync());
    }
}
