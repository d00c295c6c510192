using Mcptt.Media.Recording;

namespace Mcptt.Media.Tests.Recording;

public sealed class RecordingNameTests
{
    private static readonly RecordingName Name = new("3f2a9c0d1e2b3a4c5d6e7f80", 1_767_229_445_123_456, 3, 17);

    [Fact]
    public void A_name_under_way_says_everything_and_is_read_back()
    {
        Assert.Equal("3f2a9c0d1e2b3a4c5d6e7f80_20260101010405123456_leg3_epoch17.pcap", Name.UnderWay);
        Assert.True(RecordingName.TryParseUnderWay(Name.UnderWay, out var parsed));
        Assert.Equal(Name, parsed);
    }

    [Fact]
    public void A_finished_one_lies_in_its_day_and_call()
    {
        Assert.Equal("2026-01-01/3f2a9c0d1e2b3a4c5d6e7f80/010405.123456-leg3.pcap", Name.Finished());
        Assert.Equal("2026-01-01/3f2a9c0d1e2b3a4c5d6e7f80/010405.123456-leg3-2.pcap", Name.Finished(2));
        Assert.True(RecordingPath.TryLocate("/r", Name.Finished(2), out var path));
        Assert.Equal("/r/" + Name.Finished(2), path);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/2026-01-01/x.pcap")]
    [InlineData("2026-01-01/../x.pcap")]
    [InlineData("2026-01-01/call/../../x.pcap")]
    [InlineData("2026-01-01/call/x.wav")]
    [InlineData("2026-13-01/call/x.pcap")]
    [InlineData("2026-01-01/ca ll/x.pcap")]
    [InlineData("")]
    public void A_name_that_is_none_of_ours_opens_no_file(string file) => Assert.False(RecordingPath.TryLocate("/r", file, out _));

    [Theory]
    [InlineData("x.pcap")]
    [InlineData("call_20260101010405123456_leg3.pcap")]
    [InlineData("call_20260101010405123456_legx_epoch1.pcap")]
    [InlineData("ca.ll_20260101010405123456_leg3_epoch1.pcap")]
    [InlineData("call_2026_leg3_epoch1.pcap")]
    public void What_somebody_else_put_there_is_no_recording(string file) => Assert.False(RecordingName.TryParseUnderWay(file, out _));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a_b")]
    public void A_call_id_that_cannot_be_a_folder_is_refused(string call) => Assert.False(RecordingName.IsUsableCall(call));
}
