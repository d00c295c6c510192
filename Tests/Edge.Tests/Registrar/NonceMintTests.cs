using Mcptt.Edge.Registrar;
using Mcptt.Testing;

namespace Mcptt.Edge.Tests.Registrar;

[Clause("RFC7616 3.3")]
public sealed class NonceMintTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void A_count_of_a_nonce_is_good_once()
    {
        var mint = new NonceMint(_clock);
        var nonce = mint.Mint();

        Assert.Equal(NonceState.Fresh, mint.Use(nonce, 1));
        Assert.Equal(NonceState.Replayed, mint.Use(nonce, 1));
        Assert.Equal(NonceState.Fresh, mint.Use(nonce, 2));
    }

    [Fact]
    public void Counts_may_come_out_of_order_within_the_window()
    {
        var mint = new NonceMint(_clock);
        var nonce = mint.Mint();

        Assert.Equal(NonceState.Fresh, mint.Use(nonce, 100));
        Assert.Equal(NonceState.Fresh, mint.Use(nonce, 37));
        Assert.Equal(NonceState.Replayed, mint.Use(nonce, 37));
        Assert.Equal(NonceState.Replayed, mint.Use(nonce, 36));
    }

    [Fact]
    public void Every_count_is_accepted_at_most_once_in_any_order()
    {
        var seed = Seed.Take();
        var random = new Random(seed);
        var mint = new NonceMint(_clock);
        var nonce = mint.Mint();
        var taken = new HashSet<uint>();
        for (var round = 0; round < 5_000; round++)
        {
            var count = (uint)random.Next(1, 200 + round / 10);
            Assert.True(mint.Use(nonce, count) != NonceState.Fresh || taken.Add(count), $"seed {seed}: count {count} twice");
        }
    }

    [Fact]
    public void A_nonce_is_stale_after_its_lifetime()
    {
        var mint = new NonceMint(_clock);
        var nonce = mint.Mint();
        _clock.Advance(NonceMint.Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(NonceState.Stale, mint.Use(nonce, 1));
    }

    [Fact]
    public void A_nonce_of_a_former_process_is_stale()
    {
        var nonce = new NonceMint(_clock).Mint();

        Assert.Equal(NonceState.Stale, new NonceMint(_clock).Use(nonce, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not base64 at all, and much longer than any nonce that was ever minted by this server")]
    public void What_was_never_minted_is_stale(string nonce) => Assert.Equal(NonceState.Stale, new NonceMint(_clock).Use(nonce, 1));

    [Fact]
    public void A_nonce_that_had_to_be_forgotten_is_never_accepted_again()
    {
        var mint = new NonceMint(_clock);
        var first = mint.Mint();
        Assert.Equal(NonceState.Fresh, mint.Use(first, 1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        for (var number = 0; number < NonceMint.MaxUsedNonces; number++)
        {
            mint.Use(mint.Mint(), 1);
        }

        Assert.Equal(NonceState.Stale, mint.Use(first, 1));
    }
}
