namespace Mcptt.Architecture.Tests;

/// <summary>Every row of the floor's tables has its tests, in the decider and on the wire.</summary>
public sealed class FloorTableTests
{
    [Fact]
    public void Every_row_names_tests_that_exist_and_no_row_is_missing() => Assert.Empty(FloorTable.Faults(FloorTable.Page));

    [Theory]
    [InlineData("| 2.3/7 | ", "| 2.3/99 | ", "row 2.3/7 is missing")]
    [InlineData("| 2.3/7 | ", "| 2.3/6 | ", "row 2.3/6 is there 2 times")]
    [InlineData("GeneralMachineTests.T3_takes_the_floor_away", "GeneralMachineTests.T3_gives_it", "row 2.2/3: GeneralMachineTests.T3_gives_it is not in")]
    [InlineData("`FloorTests.A_receive_only_member_is_denied`", "`GeneralMachineTests.T3_takes_the_floor_away`", "row 2.3/7: GeneralMachineTests.T3_takes_the_floor_away is not in Scenarios")]
    [InlineData("`FloorTests.A_receive_only_member_is_denied`", "– not today", "row 2.3/7 names no test in Scenarios")]
    public void A_table_that_is_not_whole_is_found_out(string what, string instead, string fault)
    {
        var page = FloorTable.Page;
        Assert.Contains(what, page, StringComparison.Ordinal);
        Assert.Contains(FloorTable.Faults(page.Replace(what, instead, StringComparison.Ordinal)), found => found.StartsWith(fault, StringComparison.Ordinal));
    }
}
