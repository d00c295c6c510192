using Mcptt.Protocol.Sdp;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sdp;

[Clause("TS24.380 14.2")]
public sealed class McpttFmtpTests
{
    [Fact]
    public void Every_parameter_is_read_and_written_in_one_order()
    {
        const string All = "mc_queueing;mc_priority=255;mc_granted;mc_implicit_request;mc_ssrc=4294967295;mc_floor_ssrc=7;mc_no_floor_ctrl";

        Assert.Equal("MCPTT " + All, McpttFmtp.Parse(All).ToString());
    }

    [Fact]
    public void Nothing_to_say_is_written_as_the_format_alone() => Assert.Equal("MCPTT", new McpttFmtp().ToString());

    [Theory]
    [InlineData("mc_queing")]
    [InlineData(" mc_queueing ; mc_reception_priority=3 ")]
    [InlineData("MC_Queueing;x=y;;=;")]
    public void Misspelt_and_unknown_parameters_are_read_leniently(string parameters) =>
        Assert.Equal(new McpttFmtp { Queueing = true }, McpttFmtp.Parse(parameters));

    [Theory]
    [InlineData("mc_priority=256")]
    [InlineData("mc_priority=-1")]
    [InlineData("mc_priority=")]
    [InlineData("mc_priority")]
    [InlineData("mc_ssrc=4294967296")]
    public void Parameter_with_a_bad_number_is_as_if_it_were_not_there(string parameters) =>
        Assert.Equal(new McpttFmtp(), McpttFmtp.Parse(parameters));
}
