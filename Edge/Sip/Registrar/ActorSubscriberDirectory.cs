using Mcptt.Domain.Ports;
using Mcptt.Edge.Translation;
using Mcptt.Protocol.Messages;

namespace Mcptt.Edge.Registrar;

/// <summary>The default directory: asks the Ue actor. A found profile is remembered for a moment, because a phone's requests come in pairs.</summary>
public sealed class ActorSubscriberDirectory(ICommandSink sink, TimeProvider time) : ISubscriberDirectory
{
    /// <summary>How long a changed password may still be the old one here.</summary>
    public static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(5);

    /// <summary>Profiles remembered at a time. At the bound the oldest is forgotten.</summary>
    public const int MaxCachedProfiles = 10_000;

    private readonly CommandStamp _stamp = new(time);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (UserProfile Profile, DateTimeOffset Until)> _cache = [];
    private readonly Queue<(string McpttId, DateTimeOffset Until)> _order = new();
    private long _queries;

    public async ValueTask<UserProfile?> FindAsync(string mcpttId, CancellationToken cancellationToken)
    {
        if (TryGet(mcpttId, out var cached))
        {
            return cached;
        }

        var cause = new Cause($"subscriber:{mcpttId}:{_stamp.NowUs}:{Interlocked.Increment(ref _queries)}", "", "");
        var reply = await sink.SendAsync(_stamp.Ue(cause, mcpttId, new UeCommand { GetSubscriber = new() }), cancellationToken);
        switch (reply.OutcomeCase)
        {
            case Reply.OutcomeOneofCase.Accepted when reply.Accepted.Subscriber?.Profile is { } profile:
                Put(mcpttId, profile);
                return profile;
            case Reply.OutcomeOneofCase.Rejection when reply.Rejection.Code is RejectionCode.UserUnknown or RejectionCode.NotRegistered:
                return null;
            default:
                throw new DirectoryUnavailableException($"the actor of {mcpttId} gave no profile: {reply}");
        }
    }

    private bool TryGet(string mcpttId, out UserProfile? profile)
    {
        lock (_gate)
        {
            var isCached = _cache.TryGetValue(mcpttId, out var entry) && entry.Until > time.GetUtcNow();
            profile = isCached ? entry.Profile : null;
            return isCached;
        }
    }

    private void Put(string mcpttId, UserProfile profile)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count >= MaxCachedProfiles))
            {
                _order.Dequeue();
                if (_cache.TryGetValue(oldest.McpttId, out var entry) && entry.Until == oldest.Until)
                {
                    _cache.Remove(oldest.McpttId);
                }
            }

            _cache[mcpttId] = (profile, now + CacheLifetime);
            _order.Enqueue((mcpttId, now + CacheLifetime));
        }
    }
}
