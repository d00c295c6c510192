using System.Net;
using Mcptt.Media.Sockets;

namespace Mcptt.Media.Tests.Sockets;

public sealed class SendBacklogTests
{
    private readonly MediaNodeCounters _counters = new();
    private readonly List<byte> _sent = [];
    private readonly SocketAddress _destination = IPEndPoint.Parse("127.0.0.1:9").Serialize();

    [Fact]
    public void What_waits_is_sent_in_order_and_the_oldest_goes_when_it_is_full()
    {
        var ready = new TaskCompletionSource();
        var backlog = new SendBacklog(
            async (datagram, _) =>
            {
                await ready.Task;
                _sent.Add(datagram.Span[0]);
            },
            _counters
        );

        // The first is being sent already and does not count as waiting.
        for (byte i = 0; i < SendBacklog.Capacity + 1 + 5; i++)
        {
            backlog.Add([i], _destination);
        }

        Assert.True(backlog.IsBusy);
        ready.SetResult();

        Assert.Equal([0, .. Enumerable.Range(6, SendBacklog.Capacity).Select(i => (byte)i)], _sent);
        Assert.Equal(5, _counters[MediaCounter.SendDroppedOldest]);
        Assert.False(backlog.IsBusy);
    }
}
