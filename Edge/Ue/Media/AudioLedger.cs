using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Mcptt.Ue.Media;

/// <summary>Sees every frame that a client sends and hears; both get the time stamp of the clock that the client runs on.</summary>
public interface IAudioTap
{
    void Sent(string user, ReadOnlySpan<byte> payload, long timestamp);

    void Heard(string user, ReadOnlySpan<byte> payload, long timestamp);
}

/// <summary>
/// Holds listeners to what talkers sent, when both run in one process: each frame heard is looked up among the frames sent, by its
/// SHA-256, so that equal means byte for byte. The time between is the mouth-to-ear delay without the jitter buffer and sound card.
/// </summary>
public sealed class AudioLedger(TimeProvider time) : IAudioTap
{
    /// <summary>Over half an hour of one talker; later frames are not accounted for.</summary>
    public const int MaxFrames = 100_000;

    private readonly ConcurrentDictionary<Digest, (string Talker, long Timestamp)> _sent = new();
    private readonly ConcurrentDictionary<(string Listener, string? Talker), Account> _accounts = new();
    private readonly ConcurrentDictionary<string, int> _sentCounts = new();

    /// <summary>Who sent how many frames.</summary>
    public IReadOnlyDictionary<string, int> SentFrames => _sentCounts;

    public void Sent(string user, ReadOnlySpan<byte> payload, long timestamp)
    {
        if (_sent.Count < MaxFrames)
        {
            _sent[Digest.Of(payload)] = (user, timestamp);
            _sentCounts.AddOrUpdate(user, 1, (_, count) => count + 1);
        }
    }

    public void Heard(string user, ReadOnlySpan<byte> payload, long timestamp)
    {
        var digest = Digest.Of(payload);
        var known = _sent.TryGetValue(digest, out var sent);
        var account = _accounts.GetOrAdd((user, known ? sent.Talker : null), _ => new Account());
        account.Add(digest, known ? time.GetElapsedTime(sent.Timestamp, timestamp) : TimeSpan.Zero);
    }

    /// <summary>What one listener heard of one talker; a null talker stands for frames that nobody sent.</summary>
    public HeardAudio Of(string listener, string? talker) =>
        _accounts.TryGetValue((listener, talker), out var account) ? account.ToHeard() : new HeardAudio(0, 0, []);

    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        public static Digest Of(ReadOnlySpan<byte> payload)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(payload, hash);
            return new Digest(
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash),
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
        }
    }

    private sealed class Account
    {
        private readonly Lock _gate = new();
        private readonly HashSet<Digest> _distinct = [];
        private readonly List<TimeSpan> _delays = [];
        private int _frames;

        public void Add(Digest digest, TimeSpan delay)
        {
            lock (_gate)
            {
                _frames++;
                if (_distinct.Count < MaxFrames && _distinct.Add(digest))
                {
                    _delays.Add(delay);
                }
            }
        }

        public HeardAudio ToHeard()
        {
            lock (_gate)
            {
                return new HeardAudio(_frames, _distinct.Count, [.. _delays]);
            }
        }
    }
}

/// <summary>Frames heard, different ones among them, and the delay of each different one.</summary>
public sealed record HeardAudio(int Frames, int DistinctFrames, IReadOnlyList<TimeSpan> Delays);
