using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Host.Demo;

/// <summary>Who takes part, and in which group.</summary>
internal static class DemoCast
{
    public const string Domain = "example.org";
    public const string GroupId = $"sip:brigade@{Domain}";

    public static DemoUser Alice { get; } = new("alice", Priority: 3);

    public static DemoUser Bob { get; } = new("bob", Priority: 3);

    public static DemoUser Carol { get; } = new("carol", Priority: 3);

    /// <summary>The chief of operations, who may interrupt.</summary>
    public static DemoUser Dave { get; } = new("dave", Priority: 9);

    public static IReadOnlyList<DemoUser> All { get; } = [Alice, Bob, Carol, Dave];

    public static GroupDocument Group()
    {
        var document = new GroupDocument
        {
            GroupId = GroupId,
            DisplayName = "Fire brigade",
            SessionType = SessionType.Prearranged,
            QueueDepth = 8,
        };
        document.Members.AddRange(All.Select(user => new GroupMember { McpttId = user.McpttId, UserPriority = (uint)user.Priority }));
        return document;
    }
}

internal sealed record DemoUser(string Name, int Priority)
{
    public string McpttId => $"sip:{Name}@{DemoCast.Domain}";

    // The server lives in this process for some seconds, on loopback.
    public string Password => $"{Name}-demo";

    public SipUri Uri => SipUri.Parse(McpttId);

    public UserProfile Profile(string realm)
    {
        var profile = new UserProfile { McpttId = McpttId, DisplayName = Name, DigestUser = Name, Realm = realm };
        profile.Ha1.Add("SHA-256", DigestResponse.SecretHash("SHA-256", Name, realm, Password));
        profile.Ha1.Add("MD5", DigestResponse.SecretHash("MD5", Name, realm, Password));
        return profile;
    }
}
