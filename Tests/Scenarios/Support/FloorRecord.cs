using System.Net;
using Mcptt.Protocol.Floor;
using Mcptt.Ue.Floor;

namespace Mcptt.Scenarios.Support;

/// <summary>A floor datagram as it passed a client's socket.</summary>
internal sealed record RecordedDatagram(DateTimeOffset Time, string User, bool Sent, IPEndPoint From, IPEndPoint To, byte[] Octets)
{
    public IReadOnlyList<FloorMessage> Messages { get; } = FloorRecord.Decode(Octets);
}

/// <summary>Every floor datagram of every phone of a scene, in both directions.</summary>
internal sealed class FloorRecord : IFloorTap
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly List<RecordedDatagram> _datagrams = [];
    private readonly Dictionary<string, int> _places = [];

    public IReadOnlyList<RecordedDatagram> Datagrams
    {
        get
        {
            lock (_gate)
            {
                return [.. _datagrams];
            }
        }
    }

    void IFloorTap.Sent(string user, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> datagram) => Add(user, true, from, to, datagram);

    void IFloorTap.Received(string user, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> datagram) => Add(user, false, from, to, datagram);

    /// <summary>What was received so far is not what is expected from now on.</summary>
    public void FromNow()
    {
        lock (_gate)
        {
            foreach (var user in _datagrams.Select(datagram => datagram.User))
            {
                _places[user] = Received(user).Count;
            }
        }
    }

    /// <summary>The next message of this type to the phone; those before it are passed over.</summary>
    public async Task<FloorMessage> ExpectAsync(Phone phone, FloorMessageType type, Func<FloorMessage, bool>? fits = null)
    {
        FloorMessage? found = null;
        await Hearing.UntilAsync(() => (found = Next(phone.User, message => message.Type == type && (fits is null || fits(message)))) is not null, Patience);
        Assert.True(found is not null, $"{phone.User} waited in vain for {type}; received: {string.Join("\n  ", To(phone))}");
        return found;
    }

    public IReadOnlyList<FloorMessage> To(Phone phone)
    {
        lock (_gate)
        {
            return Received(phone.User);
        }
    }

    public int CountTo(Phone phone, FloorMessageType type) => To(phone).Count(message => message.Type == type);

    /// <summary>Several messages may share one datagram (8.1.1).</summary>
    public static IReadOnlyList<FloorMessage> Decode(ReadOnlySpan<byte> datagram)
    {
        var messages = new List<FloorMessage>();
        while (!datagram.IsEmpty)
        {
            Assert.True(FloorCodec.TryDecode(datagram, out var message, out var octets), $"unreadable: {Convert.ToHexString(datagram)}");
            messages.Add(message);
            datagram = datagram[octets..];
        }

        return messages;
    }

    private FloorMessage? Next(string user, Func<FloorMessage, bool> fits)
    {
        lock (_gate)
        {
            var received = Received(user);
            var at = received.FindIndex(_places.GetValueOrDefault(user), message => fits(message));
            if (at < 0)
            {
                return null;
            }

            _places[user] = at + 1;
            return received[at];
        }
    }

    private List<FloorMessage> Received(string user) => [.. _datagrams.Where(datagram => datagram.User == user && !datagram.Sent).SelectMany(datagram => datagram.Messages)];

    private void Add(string user, bool sent, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            _datagrams.Add(new RecordedDatagram(DateTimeOffset.UtcNow, user, sent, from, to, octets.ToArray()));
        }
    }
}
