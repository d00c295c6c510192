using System.Net;
using Mcptt.Actors;
using Mcptt.Actors.Audit;
using Mcptt.Api;
using Mcptt.Domain.Calls;
using Mcptt.Domain.Floor;
using Mcptt.Domain.Groups;
using Mcptt.Domain.Ues;
using Mcptt.Edge;
using Mcptt.Edge.Transports;
using Mcptt.Host.Configuration;
using Mcptt.Media;
using Mcptt.Media.Recording;
using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;
using SipListener = Mcptt.Edge.Transports.SipListener;

namespace Mcptt.Host.Composition;

/// <summary>What each part is told of the configuration.</summary>
internal static class PartOptions
{
    public static ActorKinds Kinds(ServerOptions options) =>
        new ActorKinds().Add(new UeKind()).Add(new GroupKind()).Add(new CallKind()).Add(new FloorKind(OfFloor(options)));

    public static EngineOptions OfEngine(ServerOptions options) =>
        new()
        {
            LoadedLimit = options.Limits.LoadedActors,
            IdleTime = options.Limits.ActorIdle,
            CommandDeadline = options.Limits.CommandDeadline,
            DrainTime = options.Limits.Drain,
        };

    public static SealerOptions OfSealer(ServerOptions options) =>
        new()
        {
            Every = options.Audit.SealEvery,
            EveryEvents = options.Audit.SealEveryEvents,
            ReceiptsPath = options.Audit.SealReceipts,
        };

    public static FloorRules OfFloor(ServerOptions options) =>
        new()
        {
            T1Ms = Milliseconds(options.Floor.T1),
            T2Ms = Milliseconds(options.Floor.T2),
            T3Ms = Milliseconds(options.Floor.T3),
            T4Ms = Milliseconds(options.Floor.T4),
            T7Ms = Milliseconds(options.Floor.T7),
            T8Ms = Milliseconds(options.Floor.T8),
            T11Ms = Milliseconds(options.Floor.T11),
            T12Ms = Milliseconds(options.Floor.T12),
            T20Ms = Milliseconds(options.Floor.T20),
            MaxQueueTimeMs = Milliseconds(options.Floor.MaxQueueTime),
            C7 = options.Floor.C7,
            C20 = options.Floor.C20,
            ReleaseNumber = options.Floor.Release,
        };

    public static MediaOptions OfMedia(ServerOptions options) =>
        new()
        {
            NodeName = options.NodeName,
            BindAddress = BindAddress(OwnAddress.OfMedia(options)),
            AdvertisedAddress = OwnAddress.OfMedia(options).ToString(),
            EndOfRtp = options.Floor.T1,
            Ports = new MediaPortRange(options.Media.FirstPort, options.Media.LastPort),
            Recording = new RecordingOptions
            {
                Folder = options.RecordingFolder,
                MinFreeOctets = options.Recording.MinFreeMegabytes * 1024 * 1024,
                WhenDiskIsFull = options.Recording.DiskFull == RecordingSettings.Oldest ? WhenDiskIsFull.DropOldest : WhenDiskIsFull.Stop,
                MaxBurstOctets = options.Recording.MaxBytesPerBurst,
                MaxBurstDuration = options.Recording.MaxBurst,
                QueuePackets = options.Recording.QueuePackets,
                Retention = TimeSpan.FromDays(options.Recording.RetentionDays),
            },
        };

    public static SipEdgeOptions OfSip(ServerOptions options) =>
        new()
        {
            NodeName = options.NodeName,
            Listeners = [.. options.Sip.Listeners.Select(listener => new SipListener(TransportOf(listener), listener.EndPoint))],
            AdvertisedHost = options.Sip.AdvertisedAddress,
            Domains = options.Sip.Domains,
            Realm = options.Sip.Realm,
            Open = options.Sip.Open,
            DigestAlgorithms = options.Sip.DigestAlgorithms,
            Upstreams = [.. options.Sip.Upstreams.Select(upstream => new SipUpstreamOptions(upstream.Name, upstream.Addresses, upstream.Trusted))],
            MinRegistration = options.Sip.MinRegistration,
            DefaultRegistration = options.Sip.DefaultRegistration,
            MaxRegistration = options.Sip.MaxRegistration,
            MaxAuthenticationFailuresPerMinute = options.Sip.MaxAuthenticationFailuresPerMinute,
            Transport = new SipTransportOptions { MaxConnections = options.Sip.MaxConnections },
            T1 = options.Sip.T1,
            T2 = options.Sip.T2,
            T4 = options.Sip.T4,
            ResourcePriorities = new ResourcePriorities
            {
                Emergency = options.Sip.EmergencyPriority,
                ImminentPeril = options.Sip.ImminentPerilPriority,
                Normal = options.Sip.NormalPriority,
            },
        };

    public static ApiOptions OfApi(ServerOptions options, string version) =>
        new()
        {
            Endpoint = options.Api.Listener,
            Token = options.Api.Token,
            Tokens = options.Api.Tokens,
            MaxAuditReadings = options.Api.MaxAuditReadings,
            MetricsOpen = options.Api.MetricsOpen,
            NodeName = options.NodeName,
            Version = version,
            Roles = options.Roles,
            Realm = options.Sip.Realm,
            DigestAlgorithms = options.Sip.DigestAlgorithms,
            MaxRequestBytes = options.Api.MaxRequestBytes,
            MaxConnections = options.Api.MaxConnections,
            CommandDeadline = options.Limits.CommandDeadline,
        };

    // A loopback address keeps the ports from the outside; any other may be that of a router in front of us.
    private static IPAddress BindAddress(IPAddress shown) =>
        IPAddress.IsLoopback(shown) ? shown
        : shown.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any
        : IPAddress.Any;

    private static uint Milliseconds(TimeSpan duration) => (uint)duration.TotalMilliseconds;

    private static SipTransport TransportOf(Configuration.SipListener listener) => listener.Transport == "udp" ? SipTransport.Udp : SipTransport.Tcp;
}
