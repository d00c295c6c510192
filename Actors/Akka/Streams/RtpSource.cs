using Akka.Streams;
using Akka.Streams.Stage;

namespace Mcptt.Actors.Akka.Streams;

/// <summary>The receiving end of a session's graph: gives a packet whenever the other end pulls one, and waits without a thread when there is none.</summary>
internal sealed class RtpSource(RtpBuffer buffer) : GraphStage<SourceShape<RtpPacket>>
{
    private readonly Outlet<RtpPacket> _out = new("rtp.out");

    public override SourceShape<RtpPacket> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, buffer);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly RtpSource _stage;
        private readonly RtpBuffer _buffer;
        private readonly Action _wake;

        public Logic(RtpSource stage, RtpBuffer buffer)
            : base(stage.Shape)
        {
            (_stage, _buffer) = (stage, buffer);

            // From the receive loop's thread into the graph's.
            _wake = GetAsyncCallback(Give);
            SetHandler(stage._out, this);
        }

        public override void OnPull() => Give();

        private void Give()
        {
            if (!IsAvailable(_stage._out))
            {
                return;
            }

            if (_buffer.TryTake(out var packet, _wake))
            {
                Push(_stage._out, packet);
            }
            else if (_buffer.IsClosed)
            {
                CompleteStage();
            }
        }
    }
}
