using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

/// <summary>Outward to the media node. Effects of one session are applied in the order given. False: send it again later.</summary>
public interface IMediaPlane
{
    ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken);
}
