using Mcptt.Protocol.Rtp;
using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Media;

/// <summary>What a receiver tells. Called one at a time; must not wait.</summary>
internal interface IReceiverEvents
{
    void SpurtStarted(uint ssrc);

    void SpurtEnded(uint ssrc, long packets, long lost);

    /// <summary>Each packet that is not a duplicate, its payload as it came.</summary>
    void Packet(ReadOnlySpan<byte> payload, long timestamp);
}

/// <summary>Receives the RTP of one call: statistics and talk spurts for each SSRC, and a recording on request.</summary>
internal sealed class RtpReceiver(TimeProvider time, uint ownSsrc, IReceiverEvents events) : IDisposable
{
    /// <summary>SSRCs in one call; packets of further ones are counted and dropped.</summary>
    public const int MaxSources = 256;

    /// <summary>A pause longer than this ends a talk spurt, as a listener would say.</summary>
    public static readonly TimeSpan SpurtSilence = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, Source> _sources = [];
    private readonly long _epoch = time.GetTimestamp();
    private ITimer? _silence;
    private WavRecorder? _recorder;
    private long _recordingStart;

    public long Ignored { get; private set; }

    public void Take(ReadOnlySpan<byte> datagram)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (RtpDemultiplexer.Classify(datagram) != DatagramKind.Rtp
                || !RtpHeader.TryRead(datagram, out var header)
                || !header.TryGetPayload(datagram, out var payload)
                || header.Ssrc == ownSsrc
                || FindSource(header.Ssrc) is not { } source)
            {
                Ignored++;
                return;
            }

            TakePacket(source, header, payload, now);
        }
    }

    /// <summary>Null, or why the file cannot be written.</summary>
    public string? Record(string path)
    {
        lock (_gate)
        {
            StopRecording();
            try
            {
                _recorder = new WavRecorder(path);
                _recordingStart = time.GetTimestamp();
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"{path}: {e.Message}";
            }
        }
    }

    public IReadOnlyDictionary<uint, ReceivedMedia> Report()
    {
        lock (_gate)
        {
            return _sources.ToDictionary(pair => pair.Key, pair => pair.Value.ToReceived());
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _silence?.Dispose();
            EndSpurts(_ => true);
            StopRecording();
        }
    }

    private Source? FindSource(uint ssrc)
    {
        if (!_sources.TryGetValue(ssrc, out var source) && _sources.Count < MaxSources)
        {
            _sources[ssrc] = source = new Source(ssrc);
        }

        return source;
    }

    private void TakePacket(Source source, RtpHeader header, ReadOnlySpan<byte> payload, long now)
    {
        var starts = source.SpurtPackets == 0 || header.Marker;
        if (!source.Statistics.Take(header.SequenceNumber, header.Timestamp, time.GetElapsedTime(_epoch, now), starts))
        {
            return;
        }

        if (starts)
        {
            EndSpurts(other => other == source);
            StartSpurt(source, header.Timestamp, now);
        }

        source.SpurtPackets++;
        source.LastPacket = now;
        events.Packet(payload, now);
        RecordFrame(source, header, payload);
    }

    private void StartSpurt(Source source, uint timestamp, long now)
    {
        source.SpurtLostBefore = source.Statistics.Lost;
        source.SpurtTimestamp = timestamp;
        source.SpurtPosition = Position(now);
        _silence ??= time.CreateTimer(_ => LookForSilence(), null, SpurtSilence / 4, SpurtSilence / 4);
        events.SpurtStarted(source.Ssrc);
    }

    private void LookForSilence()
    {
        lock (_gate)
        {
            EndSpurts(source => time.GetElapsedTime(source.LastPacket) >= SpurtSilence);
        }
    }

    private void EndSpurts(Func<Source, bool> which)
    {
        foreach (var source in _sources.Values)
        {
            if (source.SpurtPackets > 0 && which(source))
            {
                events.SpurtEnded(source.Ssrc, source.SpurtPackets, Math.Max(0, source.Statistics.Lost - source.SpurtLostBefore));
                source.SpurtPackets = 0;
            }
        }
    }

    private void RecordFrame(Source source, RtpHeader header, ReadOnlySpan<byte> payload)
    {
        if (_recorder is null || payload.IsEmpty || payload.Length > RtpSender.FrameOctets * RtpSender.MaxFramesPerTick)
        {
            return;
        }

        if (header.PayloadType is not ((byte)G711Law.MuLaw or (byte)G711Law.ALaw))
        {
            return;
        }

        Span<short> samples = stackalloc short[payload.Length];
        G711.Decode(payload, samples, (G711Law)header.PayloadType);
        _recorder.Write(source.SpurtPosition + (int)(header.Timestamp - source.SpurtTimestamp), samples);
    }

    private void StopRecording()
    {
        _recorder?.ExtendTo(Position(time.GetTimestamp()));
        _recorder?.Dispose();
        _recorder = null;
    }

    private long Position(long now) => (long)(time.GetElapsedTime(_recordingStart, now).TotalSeconds * WavFile.SampleRate);

    private sealed class Source(uint ssrc)
    {
        public uint Ssrc => ssrc;

        public ReceptionStatistics Statistics { get; } = new();

        /// <summary>0: silent.</summary>
        public long SpurtPackets { get; set; }

        public long SpurtLostBefore { get; set; }

        public uint SpurtTimestamp { get; set; }

        public long SpurtPosition { get; set; }

        public long LastPacket { get; set; }

        public ReceivedMedia ToReceived() =>
            new(Statistics.Received, Statistics.Lost, Statistics.Duplicates, Statistics.Reordered, Statistics.Jitter);
    }
}

/// <summary>Packets of one SSRC as a listener counted them.</summary>
public sealed record ReceivedMedia(long Packets, long Lost, long Duplicates, long Reordered, TimeSpan Jitter);
