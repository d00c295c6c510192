using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Ports;

/// <summary>Who may register: what an HSS answers in an IMS core. The default one asks the Ue actor.</summary>
public interface ISubscriberDirectory
{
    /// <summary>Null when nobody has this identity; throws <see cref="DirectoryUnavailableException"/> when it cannot tell.</summary>
    ValueTask<UserProfile?> FindAsync(string mcpttId, CancellationToken cancellationToken);
}

public sealed class DirectoryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
