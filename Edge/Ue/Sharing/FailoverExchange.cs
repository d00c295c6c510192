using Mcptt.Edge.Transactions;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Signalling;

namespace Mcptt.Ue.Sharing;

/// <summary>
/// A request that goes to the next server when one refuses it with 503, cannot be reached, or says nothing at all for
/// <see cref="UeFleetOptions.FailoverAfter"/> (RFC 3263 4.3). Each server is tried once, each time in a transaction of its own.
/// </summary>
internal sealed class FailoverExchange : ISipExchange
{
    private const int NoSuchDialog = 481;

    private readonly Lock _gate = new();
    private readonly SharedSip _shared;
    private readonly ClientStack _stack;
    private readonly RequestMessage _request;
    private readonly Action<ResponseMessage> _onProvisional;
    private readonly List<Task<ClientOutcome>> _abandoned = [];
    private ClientTransaction? _current;
    private bool _cancelled;

    public FailoverExchange(SharedSip shared, ClientStack stack, RequestMessage request, Action<ResponseMessage> onProvisional)
    {
        (_shared, _stack, _request, _onProvisional) = (shared, stack, request, onProvisional);
        Final = RunAsync();
    }

    public Task<ResponseMessage?> Final { get; }

    public void Cancel()
    {
        lock (_gate)
        {
            _cancelled = true;
            _current?.Cancel();
        }
    }

    private async Task<ResponseMessage?> RunAsync()
    {
        ResponseMessage? last = null;
        var tried = 0UL;
        for (var server = _shared.Servers.Choose(_stack.Server, tried); server >= 0; server = _shared.Servers.Choose(_stack.Server, tried))
        {
            tried |= 1UL << server;
            var isLast = _shared.Servers.Choose(_stack.Server, tried) < 0;
            var outcome = await TryAsync(server, isLast);
            last = outcome?.Response ?? last;
            if (outcome?.Response is { StatusCode: not 503 })
            {
                _stack.Server = server;
                return await AnswerAsync(outcome.Response);
            }

            if (outcome is { Response: null, Failure: ClientFailure.Transport })
            {
                _shared.Servers.Fail(server, $"{_request.Method} cannot be sent");
            }

            if (_cancelled || outcome is { Failure: ClientFailure.Overloaded })
            {
                break;
            }
        }

        return last;
    }

    // Null: silence for so long that the next server is tried.
    private async Task<ClientOutcome?> TryAsync(int server, bool isLast)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transaction = _shared.Transactions.Send(_request, _shared.FlowTo(server), FreshIds.Branch(), new ClientCallbacks
        {
            Provisional = response =>
            {
                heard.TrySetResult();
                _onProvisional(response);
            },
            FurtherSuccess = answer => _stack.TakeFurtherAnswer(_request, answer),
        });
        lock (_gate)
        {
            _current = transaction;
            if (_cancelled)
            {
                transaction.Cancel();
            }
        }

        if (!isLast && await IsSilentAsync(transaction, heard.Task))
        {
            _shared.Servers.Fail(server, $"no answer to {_request.Method} for {_shared.Options.FailoverAfter.TotalSeconds} s");
            _abandoned.Add(transaction.Outcome);
            _ = GiveBackAsync(transaction);
            return null;
        }

        return await transaction.Outcome;
    }

    // No such dialog, after another server had the request: that one was only slow, it seems, and has done it. Its answer counts.
    private async Task<ResponseMessage> AnswerAsync(ResponseMessage answer)
    {
        if (answer.StatusCode != NoSuchDialog || _abandoned.Count == 0)
        {
            return answer;
        }

        Task all = Task.WhenAll(_abandoned);
        await all.WaitAsync(_shared.Options.FailoverAfter, _shared.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var late in _abandoned.Where(outcome => outcome.IsCompletedSuccessfully))
        {
            if ((await late).Response is { IsSuccess: true } done)
            {
                return done;
            }
        }

        return answer;
    }

    private async Task<bool> IsSilentAsync(ClientTransaction transaction, Task heard)
    {
        try
        {
            await Task.WhenAny(transaction.Outcome, heard).WaitAsync(_shared.Options.FailoverAfter, _shared.Time);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    // A call that the silent server set up after all is acknowledged and, because the client has another or none, hung up (RFC 3261 13.2.2.4).
    private async Task GiveBackAsync(ClientTransaction abandoned)
    {
        abandoned.Cancel();
        if ((await abandoned.Outcome).Response is { IsSuccess: true } answer && _request.IsInvite)
        {
            _stack.TakeFurtherAnswer(_request, answer);
        }
    }
}
