using Mcptt.Protocol.Floor;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Floor;

/// <summary>A dissector that nobody here wrote reads every message that we write, with the values that we meant.</summary>
public sealed class FloorDissectorTests
{
    [RequiresToolFact("tshark", "text2pcap")]
    [Clause("TS24.380 8.2")]
    public async Task Dissector_reads_every_sample_with_the_values_we_meant()
    {
        var samples = FloorSamples.All.ToList();
        var rows = await FloorDissector.DissectAsync(samples.Select(sample => FloorCodec.Encode(sample.Value)));

        Assert.Equal(samples.Count, rows.Count);
        foreach (var ((name, message), row) in samples.Zip(rows))
        {
            var expected = FloorDissector.Expect(message);
            if (message.Locations is not null)
            {
                FloorDissector.CutAtLocations(expected, row);
            }

            Assert.Equal((name, FloorDissector.Text(expected)), (name, FloorDissector.Text(row)));
        }
    }

    [RequiresToolFact("tshark", "text2pcap")]
    [Clause("TS24.380 8.1.2")]
    public async Task Dissector_reads_several_messages_in_one_datagram()
    {
        byte[] datagram = [.. FloorCodec.Encode(FloorSamples.All["taken"]), .. FloorCodec.Encode(FloorSamples.All["queue-position-info"])];

        var row = Assert.Single(await FloorDissector.DissectAsync([datagram]));

        Assert.Equal("2;9", row["rtcp.app.subtype"]);
        Assert.False(row.ContainsKey("_ws.malformed"));
    }
}
