using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mcptt.Testing;

/// <summary>
/// Garbled datagrams at a steady rate from several sockets on loopback: good ones with octets changed, cut off, or put one behind the other, and noise.
/// Runs on a thread of its own until it is disposed.
/// </summary>
public sealed class DatagramFlood : IDisposable
{
    private const int Sockets = 8;
    private const int MaxNoiseOctets = 600;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket[] _sockets;
    private readonly IReadOnlyList<byte[]> _good;
    private readonly Random _random;
    private readonly int _perSecond;
    private readonly Thread _thread;
    private long _sent;
    private volatile bool _stopping;

    /// <param name="target">Where they go.</param>
    /// <param name="perSecond">As many as the machine can.</param>
    /// <param name="good">What is garbled.</param>
    /// <param name="seed">Of everything random.</param>
    public DatagramFlood(IPEndPoint target, int perSecond, IReadOnlyList<byte[]> good, int seed)
    {
        (_perSecond, _good, _random) = (perSecond, good, new Random(seed));
        _sockets = [.. Enumerable.Range(0, Sockets).Select(_ => new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp))];
        foreach (var socket in _sockets)
        {
            socket.Connect(target);
        }

        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose()
    {
        _stopping = true;
        _thread.Join(Patience);
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Run()
    {
        var began = Stopwatch.GetTimestamp();
        while (!_stopping)
        {
            var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * _perSecond);
            for (; _sent < due && !_stopping; Interlocked.Increment(ref _sent))
            {
                Send(_sockets[_sent % Sockets]);
            }

            Thread.Sleep(1);
        }
    }

    private void Send(Socket socket)
    {
        try
        {
            socket.Send(Garbled());
        }
        catch (SocketException)
        {
            // Nobody there any more, or no room: what counts is what is tried.
        }
    }

    private byte[] Garbled()
    {
        var good = _good[_random.Next(_good.Count)];
        switch (_random.Next(4))
        {
            case 0:
                return good[.._random.Next(good.Length)];
            case 1:
                return [.. good, .. good[_random.Next(good.Length)..]];
            case 2:
                var changed = (byte[])good.Clone();
                for (var changes = _random.Next(1, 8); changes > 0; changes--)
                {
                    changed[_random.Next(changed.Length)] = (byte)_random.Next(256);
                }

                return changed;
            default:
                var noise = new byte[_random.Next(MaxNoiseOctets)];
                _random.NextBytes(noise);
                return noise;
        }
    }
}
