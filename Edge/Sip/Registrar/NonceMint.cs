using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Mcptt.Edge.Registrar;

internal enum NonceState
{
    /// <summary>Minted by this process, in time, and this nonce count is used for the first time.</summary>
    Fresh,

    /// <summary>Too old, or minted by a former process: with right credentials the phone is told stale=true (RFC 7616 3.3).</summary>
    Stale,

    /// <summary>This nonce count was used before: a repeated message of somebody who listened.</summary>
    Replayed,
}

/// <summary>
/// Nonces without state: the time and a random number, sealed with a key that dies with the process. Only a nonce that was used is
/// remembered, with a window over its nonce counts, until it is too old.
/// </summary>
internal sealed class NonceMint(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Used nonces that are remembered. At the bound the oldest is forgotten, and nonces as old as it become stale.</summary>
    public const int MaxUsedNonces = 65_536;

    /// <summary>How far a nonce count may lag behind the highest one seen and still be accepted once (reordering on the way).</summary>
    private const int WindowBits = 64;

    private const int TimeBytes = 8;
    private const int SaltBytes = 8;
    private const int SealBytes = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, NonceCounts> _used = [];
    private readonly Queue<string> _order = new();
    private long _forgottenUpTo;

    public string Mint()
    {
        Span<byte> nonce = stackalloc byte[TimeBytes + SaltBytes + SealBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, NowTicks);
        RandomNumberGenerator.Fill(nonce.Slice(TimeBytes, SaltBytes));
        Seal(nonce[..(TimeBytes + SaltBytes)], nonce[(TimeBytes + SaltBytes)..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <summary>Uses a nonce count. Call it only when the credentials are right: a wrong guess must not use up a count.</summary>
    public NonceState Use(string nonce, uint count)
    {
        if (!TryReadMintTime(nonce, out var minted))
        {
            return NonceState.Stale;
        }

        lock (_gate)
        {
            Forget();
            if (NowTicks - minted > Lifetime.Ticks || minted <= _forgottenUpTo)
            {
                return NonceState.Stale;
            }

            if (_used.TryGetValue(nonce, out var use))
            {
                return use.TryTake(count) ? NonceState.Fresh : NonceState.Replayed;
            }

            var first = new NonceCounts(minted);
            first.TryTake(count);
            _used.Add(nonce, first);
            _order.Enqueue(nonce);
            return NonceState.Fresh;
        }
    }

    private long NowTicks => time.GetUtcNow().UtcTicks;

    // Under the gate. Entries leave in the order of their first use; those past their lifetime need no memory any more.
    private void Forget()
    {
        while (_order.TryPeek(out var oldest))
        {
            var minted = _used[oldest].Minted;
            var isOver = NowTicks - minted > Lifetime.Ticks;
            if (!isOver && _order.Count < MaxUsedNonces)
            {
                return;
            }

            _forgottenUpTo = isOver ? _forgottenUpTo : Math.Max(_forgottenUpTo, minted);
            _used.Remove(_order.Dequeue());
        }
    }

    private bool TryReadMintTime(string nonce, out long minted)
    {
        minted = 0;
        Span<byte> bytes = stackalloc byte[TimeBytes + SaltBytes + SealBytes];
        if (nonce.Length > 64 || !Base64Url.IsValid(nonce, out var length) || length != bytes.Length || !Base64Url.TryDecodeFromChars(nonce, bytes, out _))
        {
            return false;
        }

        Span<byte> seal = stackalloc byte[SealBytes];
        Seal(bytes[..(TimeBytes + SaltBytes)], seal);
        minted = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return CryptographicOperations.FixedTimeEquals(seal, bytes[(TimeBytes + SaltBytes)..]);
    }

    private void Seal(ReadOnlySpan<byte> content, Span<byte> seal)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, content, hash);
        hash[..seal.Length].CopyTo(seal);
    }

    /// <summary>The nonce counts of one nonce: the highest, and a bit for each of the 64 up to it.</summary>
    private sealed class NonceCounts(long minted)
    {
        private uint _highest;
        private ulong _seen;

        public long Minted { get; } = minted;

        public bool TryTake(uint count)
        {
            if (count > _highest)
            {
                var step = count - _highest;
                _seen = (step >= WindowBits ? 0 : _seen << (int)step) | 1;
                _highest = count;
                return true;
            }

            var age = _highest - count;
            var bit = 1UL << (int)Math.Min(age, WindowBits - 1);
            if (age >= WindowBits || (_seen & bit) != 0)
            {
                return false;
            }

            _seen |= bit;
            return true;
        }
    }
}
