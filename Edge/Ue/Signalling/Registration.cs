using Mcptt.Protocol.Sip;
using Mcptt.Ue.Events;

namespace Mcptt.Ue.Signalling;

/// <summary>The client's registration: made on order, kept alive by itself until it is ended.</summary>
internal sealed class Registration : IAsyncDisposable
{
    /// <summary>Refreshed when this share of the granted time has passed.</summary>
    private const double RefreshShare = 0.8;

    private readonly UeRequests _requests;
    private readonly Requester _requester;
    private readonly ITimer _refresh;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private TimeSpan _expires;
    private Task _refreshing = Task.CompletedTask;

    public Registration(UeRequests requests, Requester requester, TimeProvider time)
    {
        (_requests, _requester) = (requests, requester);
        _refresh = time.CreateTimer(_ => _refreshing = RefreshAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsRegistered { get; private set; }

    public async Task<string?> RegisterAsync(TimeSpan expires, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            _expires = expires;
            var purpose = expires > TimeSpan.Zero ? RequestPurpose.Register : RequestPurpose.Unregister;
            return await _requester.RequestAsync(purpose, _requests.Register(expires), cancellationToken, _requests.NextRegistrationCSeq, Registered);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _refresh.DisposeAsync();
        await _stopping.CancelAsync();
        await _refreshing;
        _stopping.Dispose();
        _oneAtATime.Dispose();
    }

    private void Registered(RequestMessage request, ResponseMessage response)
    {
        var ours = request.Contacts.Count > 0 ? request.Contacts[0].Uri : null;
        var contact = response.Contacts.FirstOrDefault(contact => ours is not null && ours.Equals(contact.Uri));
        var granted = contact?.ExpiresSeconds ?? response.ExpiresSeconds ?? (uint)_expires.TotalSeconds;
        var due = _expires > TimeSpan.Zero && granted > 0 ? TimeSpan.FromSeconds(granted * RefreshShare) : Timeout.InfiniteTimeSpan;
        IsRegistered = due != Timeout.InfiniteTimeSpan;
        _refresh.Change(due, Timeout.InfiniteTimeSpan);
    }

    // Its failure is an event; the next order or the user decides.
    private async Task RefreshAsync()
    {
        try
        {
            await RegisterAsync(_expires, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The client stops.
        }
    }
}
