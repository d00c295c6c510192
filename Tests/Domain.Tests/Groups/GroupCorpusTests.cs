using Mcptt.Domain.Groups;
using Mcptt.Domain.Tests.Laws;
using Mcptt.Protocol.Messages;

namespace Mcptt.Domain.Tests.Groups;

/// <summary>Stored histories of groups still load, and every type of their events is in one of them.</summary>
public sealed class GroupCorpusTests
{
    private const string Folder = "group";

    static GroupCorpusTests()
    {
        foreach (var (name, run) in Scenarios())
        {
            GoldenHistory.WriteMissing(Folder, name, run.Run);
        }
    }

    public static TheoryData<string> Histories => [.. GoldenHistory.Names(Folder)];

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_stored_history_loads_and_leads_to_its_state(string name) => GoldenHistory.AssertLoads(new GroupKind(), GroupRun.Id, Folder, name);

    [Fact]
    public void Every_type_of_event_is_in_a_stored_history()
    {
        var stored = GoldenHistory.Names(Folder).SelectMany(name => GoldenHistory.Events(Folder, name)).Select(happened => happened.Group.BodyCase).Distinct();
        Assert.Equal(Enum.GetValues<GroupEvent.BodyOneofCase>().Where(type => type != GroupEvent.BodyOneofCase.None).Order(), stored.Order());
    }

    private static IEnumerable<(string Name, GroupRun Run)> Scenarios()
    {
        yield return ("calling", new GroupRun()
            .Put(document => (document.QueueDepth, document.Members[0].ImplicitAffiliation, document.DisplayName) = (4, true, "Brigade"))
            .Affiliate("alice").Affiliate("bob").Affiliate("eve").Call("alice").Call("bob", "call2").Deaffiliate("bob").Ended("call1")
            .Call("carol", "call3", mcptt: false).Call("eve", "call4", bounced: "call3").Call("alice", "call5"));
        yield return ("refusing", new GroupRun().Put().Affiliate("alice").Call("alice").Attempts(7, "eve").Call("bob"));
        yield return ("refusals-counted", new GroupRun().Put().Affiliate("alice").Attempts(7, "eve").After(TimeSpan.FromMinutes(2)).Call("eve"));
        yield return ("removed", new GroupRun().Put().Affiliate("alice").Send(new GroupCommand { RemoveGroup = new RemoveGroup() }));
    }
}
