using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>
/// INVITEs without final answer: the actor's answer finds its transaction here, and a CANCEL its call. As many as there are INVITE
/// server transactions, whose table is bounded; each at most as long as <see cref="SipEdgeOptions.InviteDeadline"/>.
/// </summary>
internal sealed class PendingInvites(TimeProvider time, TimeSpan deadline)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public static string KeyOf(SipRequest request) => $"{(request.Via is [var top, ..] ? top : "")}\n{request.CallId}\n{request.Cseq}";

    public static string KeyOf(RequestMessage request) =>
        $"{(request.Headers.Elements(SipHeaderNames.Via) is [var top, ..] ? top : "")}\n{request.CallId}\n{request.CSeq.Number}";

    /// <param name="key">See KeyOf.</param>
    /// <param name="respond">Answers the INVITE.</param>
    /// <param name="onDeadline">Called when nobody took the INVITE in time, with what would have answered it and its call, if known.</param>
    public void Add(string key, Action<ResponseMessage> respond, Action<Action<ResponseMessage>, string?> onDeadline)
    {
        var entry = new Entry(respond);
        lock (_gate)
        {
            _entries[key] = entry;
            entry.Deadline = time.CreateTimer(_ => Expire(key, entry, onDeadline), null, deadline, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes the INVITE out: who has it answers it, and nobody else does. Null: it was answered, or came to a former process.</summary>
    public Action<ResponseMessage>? Take(string key)
    {
        lock (_gate)
        {
            if (!_entries.Remove(key, out var entry))
            {
                return null;
            }

            entry.Deadline?.Dispose();
            return entry.Respond;
        }
    }

    /// <summary>The call that will answer is known. A CANCEL that came before is told now.</summary>
    public void Routed(string key, string callId)
    {
        Action<string>? onCancel = null;
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                entry.CallId = callId;
                onCancel = entry.OnCancel;
            }
        }

        onCancel?.Invoke(callId);
    }

    /// <summary>Calls back with the call when it is known, at once or later. Nothing happens for an INVITE that is answered.</summary>
    public void Cancel(string key, Action<string> onCall)
    {
        string? callId;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return;
            }

            callId = entry.CallId;
            entry.OnCancel = onCall;
        }

        if (callId is not null)
        {
            onCall(callId);
        }
    }

    private void Expire(string key, Entry entry, Action<Action<ResponseMessage>, string?> onDeadline)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(key) != entry)
            {
                return;
            }

            _entries.Remove(key);
        }

        entry.Deadline?.Dispose();
        onDeadline(entry.Respond, entry.CallId);
    }

    private sealed class Entry(Action<ResponseMessage> respond)
    {
        public Action<ResponseMessage> Respond { get; } = respond;

        public string? CallId { get; set; }

        public Action<string>? OnCancel { get; set; }

        public ITimer? Deadline { get; set; }
    }
}
