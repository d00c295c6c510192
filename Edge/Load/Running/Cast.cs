using Mcptt.Load.Profiles;
using Mcptt.Protocol.Sip;
using Mcptt.Ue;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Sharing;

namespace Mcptt.Load.Running;

/// <summary>All users with their clients, and the groups that they are in.</summary>
internal sealed class Cast
{
    // A client's own log is only for looking at when something is odd; the figures are taken as events happen.
    private const int EventsPerClient = 32;

    /// <summary>A server that says it is trying, and nothing else, is given up after this.</summary>
    public static readonly TimeSpan SetUpLimit = TimeSpan.FromSeconds(30);

    private Cast(IReadOnlyList<Member> members, IReadOnlyList<LoadGroup> groups) => (Members, Groups) = (members, groups);

    public IReadOnlyList<Member> Members { get; }

    public IReadOnlyList<LoadGroup> Groups { get; }

    public static Cast Of(LoadContext context, UeFleet fleet, int servers)
    {
        var profile = context.Profile;
        var names = LoadNames.Of(profile);
        var size = (int)profile.Groups.Members;
        var packetTime = TimeSpan.FromMilliseconds(profile.Voice.PacketTimeMs);
        var members = Enumerable.Range(0, (int)profile.Users.Count).Select(index => Make(index)).ToList();
        var groups = Enumerable.Range(0, (int)profile.Groups.Count).Select(group => new LoadGroup(names.Group(group), members.GetRange(group * size, size))).ToList();
        return new Cast(members, groups);

        Member Make(int index)
        {
            var member = new Member((uint)index, index % size, context.Measures, context.Pacer.Time);
            member.Client = fleet.CreateClient(Options(profile, names, index) with { Tap = member, Watcher = member.Happened }, index % size, index % servers);
            member.Client.Say(_ => Voice(context, member, packetTime));
            return member;
        }
    }

    // The floor starts the media of the press that it granted.
    private static IAudioSource Voice(LoadContext context, Member member, TimeSpan packetTime) =>
        member.Talking is { } burst ? new StampedVoice(burst, context.Pacer.Time, packetTime, context.Measures) : new ToneSource(frequencyHz: 440, member.Number + 1);

    private static UeOptions Options(LoadProfile profile, LoadNames names, int index)
    {
        var user = SipUri.Parse(names.User(index));
        return new UeOptions
        {
            User = user,
            Password = names.Password(index),
            AssertsIdentity = profile.Users.Trusted,
            Server = new System.Net.IPEndPoint(System.Net.IPAddress.None, 0), // The fleet's.
            RegistrationExpires = TimeSpan.FromSeconds((double)profile.Users.ExpiresSeconds),
            Codecs = [profile.Voice.Codec == "pcma" ? G711Law.ALaw : G711Law.MuLaw],
            PacketTime = TimeSpan.FromMilliseconds(profile.Voice.PacketTimeMs),
            PayloadOctets = profile.Voice.PayloadOctets == 0 ? null : (int)profile.Voice.PayloadOctets,
            OfferQueueing = profile.Groups.QueueDepth > 0,
            EventCapacity = EventsPerClient,
            LogFloorMessages = false,
            RingingLimit = SetUpLimit,
            Misbehaviour = new Misbehaviour
            {
                Lose = (double)profile.Network.Lose,
                Duplicate = (double)profile.Network.Duplicate,
                Reorder = (double)profile.Network.Reorder,
                Seed = unchecked((int)profile.Seed + index),
            },
        };
    }
}
