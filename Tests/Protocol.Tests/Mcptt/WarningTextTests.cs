using Mcptt.Protocol.Mcptt;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Mcptt;

[Clause("TS24.379 4.4")]
public sealed class WarningTextTests
{
    [Fact]
    public void A_warning_names_399_the_host_and_three_digits_with_the_text() =>
        Assert.Equal("399 ptt.example.org \"113 group document does not exist\"", WarningText.Of(113).ToHeaderValue("ptt.example.org"));

    [Fact]
    public void Every_text_of_the_table_reads_back()
    {
        foreach (var (number, text) in WarningText.Table)
        {
            Assert.InRange(number, 100, 201);
            Assert.True(WarningText.TryParse(WarningText.Of(number).ToHeaderValue("host"), out var read));
            Assert.Equal(new WarningText(number, text), read);
        }
    }

    [Fact]
    public void The_reason_of_100_is_quoted_and_reads_back()
    {
        var warning = WarningText.NotAllowed("the \"policy\" \\ of\r\nthe house");

        Assert.DoesNotContain('\n', warning.ToHeaderValue("host"));
        Assert.True(WarningText.TryParse(warning.ToHeaderValue("host"), out var read));
        Assert.Equal(new WarningText(100, "function not allowed due to the \"policy\" \\ of  the house"), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("399 host")]
    [InlineData("307 isi.edu \"Session parameter 'foo' not understood\"")]
    [InlineData("399 \"113 x\"")]
    [InlineData("399 host \"")]
    public void Another_header_value_is_no_mcptt_warning(string value) => Assert.False(WarningText.TryParse(value, out _));

    [Fact]
    public void A_text_without_number_reads_as_number_0()
    {
        Assert.True(WarningText.TryParse("399 host \"group is disabled\"", out var read));
        Assert.Equal(new WarningText(0, "group is disabled"), read);
    }
}
