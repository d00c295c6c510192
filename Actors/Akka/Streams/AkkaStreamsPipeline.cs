using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;
using Akka.Streams.Dsl;
using Mcptt.Media;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Akka.Streams;

/// <summary>
/// RTP through Akka.Streams: per session a graph from a bounded, drop-oldest buffer behind the socket to the forwarding. The sending end pulls, so a session whose forwarding is
/// slow holds back only itself, and its own oldest packets go. For sites that look at their media with the tools of Akka; the usual way costs less (ops/docs/engines.md).
/// </summary>
public sealed class AkkaStreamsPipeline : IRtpPipeline
{
    private readonly ActorSystem _system;
    private readonly ActorMaterializer _materializer;

    public AkkaStreamsPipeline(ILoggerFactory loggers)
    {
        var config = ConfigurationFactory.ParseString(AkkaConfiguration.Logging);
        _system = ActorSystem.Create("mcptt-media", BootstrapSetup.Create().WithConfig(config).And(new AkkaLog.Target(loggers.CreateLogger<AkkaStreamsPipeline>())));

        // A packet passes two stages: nothing is gained by taking several at a time.
        _materializer = ActorMaterializer.Create(_system, ActorMaterializerSettings.Create(_system).WithInputBuffer(1, 1));
    }

    public IRtpLane Open(RtpForward forward, Action dropped)
    {
        var buffer = new RtpBuffer(dropped);
        var ended = Source.FromGraph(new RtpSource(buffer))
            .ToMaterialized(Sink.ForEach<RtpPacket>(packet => Forward(packet, forward)), Keep.Right)
            .Run(_materializer);
        return new Lane(buffer, ended);
    }

    public async ValueTask DisposeAsync()
    {
        _materializer.Dispose();
        await _system.Terminate();
        _system.Dispose();
    }

    private static void Forward(RtpPacket packet, RtpForward forward)
    {
        try
        {
            forward(packet.Octets, packet.Source);
        }
        finally
        {
            packet.Return();
        }
    }

    private sealed class Lane(RtpBuffer buffer, Task ended) : IRtpLane
    {
        public void Offer(ReadOnlySpan<byte> packet, SocketAddress source) => buffer.Add(packet, source);

        public async ValueTask DisposeAsync()
        {
            buffer.Close();
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
