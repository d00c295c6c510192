using Mcptt.Protocol.Sip;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Sharing;

/// <summary>Asks each of several servers by OPTIONS, without a pause for those that keep silent, so that a node that goes is passed over and one that comes back is used.</summary>
internal sealed class ServerProbe(SharedSip shared) : IAsyncDisposable
{
    /// <summary>So many intervals without an answer make a server silent: a busy one may miss one.</summary>
    private const int SilentIntervals = 3;

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Start()
    {
        if (shared.Servers.Count > 1)
        {
            _running = Task.WhenAll(Enumerable.Range(0, shared.Servers.Count).Select(RunAsync));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(int server)
    {
        try
        {
            while (true)
            {
                if (await AskAsync(server) is { } why)
                {
                    shared.Servers.Fail(server, why);
                }
                else
                {
                    shared.Servers.Restore(server);
                }

                await Task.Delay(shared.Options.ProbeInterval, shared.Time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The fleet stops.
        }
    }

    // Null: it takes requests.
    private async Task<string?> AskAsync(int server)
    {
        var address = shared.Servers[server];
        var target = SipUri.Create(null, address.Address.ToString(), address.Port);
        var self = new NameAddr(SipUri.Create("probe", shared.Local.Address.ToString(), shared.Local.Port));
        var options = RequestMessage.Create(SipMethods.Options, target, self.WithTag(FreshIds.Tag()), new NameAddr(target), FreshIds.CallId(), 1);
        var asked = shared.Transactions.SendRequestAsync(options, shared.FlowTo(server), FreshIds.Branch());
        try
        {
            var outcome = await asked.WaitAsync(SilentIntervals * shared.Options.ProbeInterval, shared.Time, _stopping.Token);
            return outcome switch
            {
                { Response: { StatusCode: 503 } response } => $"OPTIONS answered {response.StatusCode}",
                { Response: not null } => null,
                _ => "OPTIONS cannot be sent",
            };
        }
        catch (TimeoutException)
        {
            return "no answer to OPTIONS";
        }
    }
}
