using Mcptt.Testing;
using Mcptt.Ue.Audio;

namespace Mcptt.Ue.Tests.Audio;

[Clause("G.711")]
public sealed class G711Tests
{
    [Theory]
    [InlineData(0, 0xFF)]
    [InlineData(32_767, 0x80)]
    [InlineData(-32_768, 0x00)]
    [InlineData(1_000, 0xCE)]
    [InlineData(-1_000, 0x4E)]
    public void Mu_law_codes_are_those_of_the_recommendation(short sample, byte code) =>
        Assert.Equal(code, G711.Encode(sample, G711Law.MuLaw));

    [Theory]
    [InlineData(0, 0xD5)]
    [InlineData(-1, 0x55)]
    [InlineData(32_767, 0xAA)]
    [InlineData(-32_768, 0x2A)]
    [InlineData(1_000, 0xFA)]
    [InlineData(-1_000, 0x7A)]
    public void A_law_codes_are_those_of_the_recommendation(short sample, byte code) =>
        Assert.Equal(code, G711.Encode(sample, G711Law.ALaw));

    [Theory]
    [InlineData(G711Law.MuLaw)]
    [InlineData(G711Law.ALaw)]
    public void Encoding_what_was_decoded_gives_the_same_code(G711Law law)
    {
        for (var code = 0; code < 256; code++)
        {
            // Mu-law has two zeros, of which encoding gives the positive one.
            var expected = law == G711Law.MuLaw && code == 0x7F ? 0xFF : code;
            Assert.Equal(expected, G711.Encode(G711.Decode((byte)code, law), law));
        }
    }

    [Theory]
    [InlineData(G711Law.MuLaw)]
    [InlineData(G711Law.ALaw)]
    public void The_error_is_at_most_half_a_step_of_the_segment(G711Law law)
    {
        for (var sample = (int)short.MinValue; sample <= short.MaxValue; sample++)
        {
            var decoded = G711.Decode(G711.Encode((short)sample, law), law);
            // 16 steps per octave: half a step is 1/32 of the segment's lower edge; 644 is what mu-law clips.
            Assert.InRange(Math.Abs(decoded - sample), 0, Math.Max(16, Math.Abs(sample) / 32 + 8 + (Math.Abs(sample) > 32_124 ? 644 : 0)));
        }
    }
}
