using System.Buffers;
using System.Security.Cryptography;
using Mcptt.Media.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Mcptt.Media.Recording;

/// <summary>
/// The file of one burst while it is written, by one thread. Its SHA-256 is computed over what was written and counts what was written, so that both
/// stay true when a write fails: then the file is cut back to the last record that went through.
/// </summary>
internal sealed class BurstFile : IDisposable
{
    /// <summary>Written when it is full, and by the writer's own beat.</summary>
    public const int BufferOctets = 16 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferOctets);
    private int _buffered;
    private long _bufferedPackets;
    private long _bufferedLastUs;
    private bool _isWhole = true;
    private bool _isDisposed;

    private BurstFile(RecordingName name, string path, SafeFileHandle handle)
    {
        (Name, Path, _handle) = (name, path, handle);
        PcapFormat.WriteFileHeader(_buffer);
        _buffered = PcapFormat.FileHeaderOctets;
    }

    public RecordingName Name { get; }

    public string Path { get; }

    public long Octets { get; private set; }

    public long Packets { get; private set; }

    public long LastUs { get; private set; }

    /// <summary>With what waits to be written.</summary>
    public long OctetsToBe => Octets + _buffered;

    /// <summary>Of what waits to be written: lost when it cannot be.</summary>
    public long WaitingPackets => _bufferedPackets;

    public long WaitingSinceUs { get; private set; }

    /// <summary>Throws what the file system throws.</summary>
    public static BurstFile Create(RecordingFolder folder, RecordingName name)
    {
        folder.Create();
        folder.Reserve(name); // Whether its folder can be made shows now, not when the speech is over.
        var path = folder.PathOf(name);
        return new BurstFile(name, path, System.IO.File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
    }

    public void Append(long timeUs, ReadOnlySpan<byte> packet, EndpointKey source, EndpointKey destination)
    {
        if (_buffered + PcapFormat.MaxOverheadOctets + packet.Length > _buffer!.Length) // Not disposed.
        {
            Flush();
        }

        WaitingSinceUs = _bufferedPackets == 0 ? timeUs : WaitingSinceUs;
        _buffered += PcapFormat.WriteRecord(_buffer.AsSpan(_buffered), timeUs, packet, source, destination);
        _bufferedPackets++;
        _bufferedLastUs = timeUs;
    }

    /// <summary>To the system; whoever reads the file sees it, and a killed process leaves it.</summary>
    public void Flush()
    {
        if (_buffered == 0)
        {
            return;
        }

        var octets = _buffer.AsSpan(0, _buffered);
        _isWhole = false;
        RandomAccess.Write(_handle, octets, Octets);
        _isWhole = true;
        _hash.AppendData(octets);
        Octets += _buffered;
        Packets += _bufferedPackets;
        LastUs = _bufferedPackets > 0 ? _bufferedLastUs : LastUs;
        (_buffered, _bufferedPackets) = (0, 0);
    }

    /// <summary>After a write that failed, perhaps in the middle of a record: nothing that waits will be written.</summary>
    public void GiveUp() => (_buffered, _bufferedPackets) = (0, 0);

    /// <summary>To the disk.</summary>
    public byte[] Complete()
    {
        Flush();
        if (!_isWhole)
        {
            RandomAccess.SetLength(_handle, Octets);
            _isWhole = true;
        }

        RandomAccess.FlushToDisk(_handle);
        return _hash.GetHashAndReset();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _handle.Dispose();
        _hash.Dispose();
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
