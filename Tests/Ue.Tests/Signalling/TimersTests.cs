using System.Net;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;
using Mcptt.Ue.Tests.Support;

namespace Mcptt.Ue.Tests.Signalling;

/// <summary>What a client does by itself as time passes: it refreshes its registration and its session, or ends it.</summary>
public sealed class TimersTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new();
    private readonly FakeStack _stack = new();
    private readonly UeClient _client;

    public TimersTests()
    {
        var options = new UeOptions { User = SipUri.Parse(ClientTestBase.User), Server = new IPEndPoint(IPAddress.Loopback, 5060) };
        _client = new UeClient(options, _stack, _clock);
    }

    [Fact]
    [Clause("RFC3261 10.2.4")]
    public async Task A_registration_is_refreshed_before_the_time_that_the_registrar_granted()
    {
        _stack.On(SipMethods.Register, request =>
        {
            var response = request.CreateResponse(200, null, "srv");
            response.Headers.Add(SipHeaderNames.Contact, request.Contacts[0].Address.With("expires", "100").ToString());
            return response;
        });
        Assert.Null(await _client.RegisterAsync(TimeSpan.FromHours(1), CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(79));
        Assert.Equal(1, _stack.Count(SipMethods.Register));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _stack.Count(SipMethods.Register) == 2);
        Assert.Equal(2u, _stack.Sent[1].CSeq.Number);
    }

    [Fact]
    [Clause("RFC3261 10.2.4")]
    public async Task After_its_end_a_registration_is_not_refreshed()
    {
        _stack.On(SipMethods.Register, 200);
        Assert.Null(await _client.RegisterAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Null(await _client.UnregisterAsync(CancellationToken.None));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, _stack.Count(SipMethods.Register));
    }

    [Fact]
    [Clause("RFC4028 7.2")]
    public async Task As_refresher_the_client_sends_UPDATE_at_half_the_interval()
    {
        await CallAsync("1000;refresher=uac");
        _stack.On(SipMethods.Update, request => WithSession(request.CreateResponse(200, null, "srv"), "400;refresher=uac"));
        _clock.Advance(TimeSpan.FromSeconds(499));
        Assert.Equal(0, _stack.Count(SipMethods.Update));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _stack.Count(SipMethods.Update) == 1);
        var update = _stack.Sent.Single(request => request.Method == SipMethods.Update);
        Assert.Equal((2u, "uac"), (update.CSeq.Number, update.SessionExpires?.Refresher));
        // The answer's interval is the one from then on.
        await UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            return _stack.Count(SipMethods.Update) == 2;
        });
    }

    [Fact]
    [Clause("RFC4028 10")]
    public async Task A_session_that_the_other_side_does_not_refresh_is_ended_before_its_interval()
    {
        await CallAsync("1000;refresher=uas");
        _stack.On(SipMethods.Bye, 200);
        _clock.Advance(TimeSpan.FromSeconds(967));
        Assert.Equal(0, _stack.Count(SipMethods.Bye));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _stack.Count(SipMethods.Bye) == 1 && Ended("session expired"));
    }

    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    [Clause("RFC4028 10")]
    public async Task A_refresh_that_finds_nobody_ends_the_call_without_BYE(int status)
    {
        await CallAsync("1000;refresher=uac");
        _stack.On(SipMethods.Update, status);
        _clock.Advance(TimeSpan.FromSeconds(500));
        await UntilAsync(() => Ended("the other side is gone"));
        Assert.Equal(0, _stack.Count(SipMethods.Bye));
    }

    [Fact]
    [Clause("RFC4028 7.3")]
    public async Task A_refresh_whose_interval_is_too_small_is_sent_again_with_the_minimum()
    {
        await CallAsync("1000;refresher=uac");
        _stack.On(SipMethods.Update, request =>
        {
            var response = request.CreateResponse(request.MinSESeconds is null ? 422 : 200, null, "srv");
            response.Headers.Add(SipHeaderNames.MinSE, "2400");
            return response;
        });
        _clock.Advance(TimeSpan.FromSeconds(500));
        await UntilAsync(() => _stack.Count(SipMethods.Update) == 2);
        Assert.Equal((2400u, 2400u, 3u), (_stack.Sent[^1].SessionExpires?.Seconds, _stack.Sent[^1].MinSESeconds, _stack.Sent[^1].CSeq.Number));
    }

    [Fact]
    public async Task Leaving_gives_back_call_and_registration()
    {
        _stack.On(SipMethods.Register, 200).On(SipMethods.Bye, 200);
        Assert.Null(await _client.RegisterAsync(null, CancellationToken.None));
        await CallAsync("1000;refresher=uac");
        await _client.LeaveAsync(CancellationToken.None);
        Assert.Equal([SipMethods.Bye, SipMethods.Register], _stack.Sent.TakeLast(2).Select(request => request.Method));
        Assert.Equal(0u, _stack.Sent[^1].ExpiresSeconds);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task CallAsync(string session)
    {
        _stack.On(SipMethods.Invite, request =>
        {
            var response = WithSession(request.CreateResponse(200, null, "srv"), session);
            response.SetBody("application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n");
            return response;
        });
        Assert.Null(await _client.CallAsync(ClientTestBase.Group, false, CancellationToken.None));
    }

    private bool Ended(string cause) => _client.Events.Since(0).Any(happened => happened.Word == "ended" && happened.Has("cause", cause));

    private static ResponseMessage WithSession(ResponseMessage response, string session)
    {
        response.Headers.Add(SipHeaderNames.SessionExpires, session).Add(SipHeaderNames.Contact, "<sip:call-1@192.0.2.1>");
        return response;
    }

    // What a timer starts goes on in the background.
    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = DateTimeOffset.UtcNow + Patience;
        while (!condition() && DateTimeOffset.UtcNow < end)
        {
            await Task.Delay(5);
        }

        Assert.True(condition());
    }
}
