using System.Net;
using Mcptt.Actors.Akka.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Akka.Tests.Streams;

public sealed class AkkaStreamsPipelineTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SocketAddress Source = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5004).Serialize();

    private readonly AkkaStreamsPipeline _pipeline = new(NullLoggerFactory.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _pipeline.DisposeAsync();

    [Fact]
    public async Task Packets_come_out_as_they_went_in_and_in_their_order()
    {
        var forwarded = new List<(byte Number, SocketAddress Source)>();
        var lane = _pipeline.Open((packet, source) => forwarded.Add((packet[0], source)), () => Assert.Fail("nothing had to go"));
        for (byte number = 0; number < RtpBuffer.Capacity; number++)
        {
            lane.Offer([number, 1, 2], Source);
        }

        await lane.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, RtpBuffer.Capacity).Select(number => ((byte)number, Source)), forwarded);
    }

    [Fact]
    public async Task Where_more_waits_than_may_the_oldest_goes_and_another_session_does_not_notice()
    {
        using var stuck = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var slow = new List<byte>();
        var dropped = 0;
        var lane = _pipeline.Open(
            (packet, _) =>
            {
                begun.Set();
                stuck.Wait(Patience);
                slow.Add(packet[0]);
            },
            () => dropped++);
        lane.Offer([0], Source);
        Assert.True(begun.Wait(Patience));
        for (byte number = 1; number <= 100; number++)
        {
            lane.Offer([number], Source);
        }

        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var quick = _pipeline.Open((_, _) => other.TrySetResult(), () => { });
        quick.Offer([7], Source);
        await other.Task.WaitAsync(Patience);
        await quick.DisposeAsync();
        stuck.Set();
        await lane.DisposeAsync();

        Assert.Equal(100, slow.Count - 1 + dropped);
        Assert.True(dropped >= 100 - RtpBuffer.Capacity - 2, $"{dropped} went");
        Assert.Equal((0, 100), (slow[0], slow[^1]));
        Assert.Equal(slow.Order(), slow);
    }

    [Fact]
    public async Task A_packet_after_the_end_of_its_session_is_nobodys()
    {
        var forwarded = 0;
        var lane = _pipeline.Open((_, _) => forwarded++, () => { });
        await lane.DisposeAsync();
        lane.Offer([1], Source);

        Assert.Equal(0, forwarded);
    }
}
