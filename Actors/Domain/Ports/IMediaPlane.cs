using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

/// <summary>Outward to the media node. Effects of one session are applied in the order given. False: send it again later.</summary>
public interface IMediaPlane
{
    /// <summary>What it carries, in legs: new sessions go where this is least.</summary>
    int Load => 0;

    ValueTask<bool> ApplyAsync(MediaEffect effect, CancellationToken cancellationToken);

    /// <summary>This node was cut off from the others, which may have placed its sessions elsewhere meanwhile: each call is asked.</summary>
    void CheckSessions()
    {
    }
}
