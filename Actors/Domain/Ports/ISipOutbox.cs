using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

/// <summary>Outward to SIP. True: taken, it will be on the wire or its failure is reported to the actor. False: send it again later.</summary>
public interface ISipOutbox
{
    ValueTask<bool> SendAsync(SipEffect effect, CancellationToken cancellationToken);
}
