using Mcptt.Domain.Tests.Laws;
using Mcptt.Domain.Ues;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Ues;

/// <summary>Stored histories of users still load, and every type of their events is in one of them.</summary>
public sealed class UeCorpusTests
{
    private const string Folder = "ue";

    static UeCorpusTests()
    {
        foreach (var (name, run) in Scenarios())
        {
            GoldenHistory.WriteMissing(Folder, name, run.Run);
        }
    }

    public static TheoryData<string> Histories => [.. GoldenHistory.Names(Folder)];

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_stored_history_loads_and_leads_to_its_state(string name) => GoldenHistory.AssertLoads(new UeKind(), UeRun.Alice, Folder, name);

    [Fact]
    public void Every_type_of_event_is_in_a_stored_history()
    {
        var stored = GoldenHistory.Names(Folder).SelectMany(name => GoldenHistory.Events(Folder, name)).Select(happened => happened.Ue.BodyCase).Distinct();
        Assert.Equal(Enum.GetValues<UeEvent.BodyOneofCase>().Where(type => type != UeEvent.BodyOneofCase.None).Order(), stored.Order());
    }

    private static IEnumerable<(string Name, UeRun Run)> Scenarios()
    {
        yield return ("known", new UeRun().Implicit(UeRun.Rescue).Known(profile => profile.MaxAffiliationsN2 = 4).Register("c1").Register("c2", expires: 60)
            .Subscribe(expires: 0, callId: "fetch").Subscribe(expires: 5000).Subscribe(expires: 10, callId: "short").Publish("c1", UeRun.Brigade)
            .Outcome(UeRun.Brigade, affiliated: true).Outcome(UeRun.Rescue, affiliated: false, RejectionCode.NotAMember, "c2")
            .Send(new UeCommand { PublishSettings = new PublishSettings { ClientId = "c1", ManualAnswer = true, ExpiresS = uint.MaxValue } })
            .Advance(100));
        yield return ("removed", new UeRun().Register(change: register => register.AutoProvision = true).Send(new UeCommand { RemoveUser = new RemoveUser() }));
    }
}
