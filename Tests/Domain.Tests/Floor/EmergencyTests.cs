using Mcptt.Protocol.Floor;
using Mcptt.Testing;

namespace Mcptt.Domain.Tests.Floor;

/// <summary>Emergency and imminent peril (facts 2.8); who pre-empts whom then is in <see cref="PreemptionTests"/>.</summary>
public sealed class EmergencyTests
{
    [Fact]
    [Clause("TS24.380 6.3.5.3.9")]
    public void An_upgrade_to_emergency_with_an_implicit_request_is_a_floor_request_of_that_class() =>
        FloorRun.Of(3).Request(1, 10).Condition(emergency: true).Join(2, @implicit: true).Says("2: Queue 1", "1: Revoke 4").Is("pending-revoke", "1", "2");

    [Fact]
    [Clause("TS24.380 6.3.5.4.8")]
    public void The_condition_of_the_call_shows_in_the_next_message() =>
        Assert.True(FloorRun.Of(2).Condition(emergency: true).SaysNothing().Request(1).Messages
            .All(message => message.Indicator!.Value.HasFlag(FloorIndicator.EmergencyCall)));

    [Fact]
    public void A_condition_that_is_so_already_changes_nothing() => FloorRun.Of(2).Condition(emergency: true).Condition(emergency: true).WritesNothing();
}
