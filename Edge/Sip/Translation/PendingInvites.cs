using Mcptt.Protocol.Messages;
using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>
/// INVITEs without final answer: the actor's answer finds its transaction here, and a CANCEL its call. As many as there are INVITE
/// server transactions, whose table is bounded.
/// </summary>
internal sealed class PendingInvites
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

    public void Add(string key, Action<ResponseMessage> respond)
    {
        lock (_gate)
        {
            _entries[key] = new Entry(respond, null, null);
        }
    }

    /// <summary>Takes the INVITE out: who has it answers it, and nobody else does. Null: it was answered, or came to a former process.</summary>
    public Action<ResponseMessage>? Take(string key)
    {
        lock (_gate)
        {
            return _entries.Remove(key, out var entry) ? entry.Respond : null;
        }
    }

    /// <summary>The call that will answer is known. Returns what a CANCEL that came before wanted to be done with it.</summary>
    public Action<string>? Routed(string key, string callId)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return null;
            }

            _entries[key] = entry with { CallId = callId };
            return entry.OnCancel;
        }
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
            _entries[key] = entry with { OnCancel = onCall };
        }

        if (callId is not null)
        {
            onCall(callId);
        }
    }

    private sealed record Entry(Action<ResponseMessage> Respond, string? CallId, Action<string>? OnCancel);
}
