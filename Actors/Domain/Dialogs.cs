using Mcptt.Protocol.Messages;

namespace Mcptt.Domain;

/// <summary>What actors need to know of dialogs (RFC 3261 12) beyond the message that keeps one.</summary>
internal static class Dialogs
{
    /// <summary>What tells a dialog of ours from the others with the same local tag rules: its Call-ID and the peer's tag.</summary>
    public static string Key(string callId, string remoteTag) => callId + ";" + remoteTag;

    public static string Key(this Dialog dialog) => Key(dialog.CallId, TagOf(dialog.Remote));

    /// <summary>The dialog that a request from a peer opens; our side has sent nothing in it yet.</summary>
    public static Dialog ByPeer(SipRequest request, string localTag, string contactUri, IEnumerable<string> routeSet, Flow? flow)
    {
        var dialog = new Dialog
        {
            CallId = request.CallId,
            Local = WithTag(request.To, localTag),
            Remote = request.From,
            RemoteTarget = contactUri,
            RemoteCseq = request.Cseq,
            Flow = flow ?? request.Flow,
        };
        dialog.RouteSet.Add(routeSet);
        return dialog;
    }

    /// <summary>The same dialog after one more request of ours.</summary>
    public static Dialog Next(this Dialog dialog) => new(dialog) { LocalCseq = dialog.LocalCseq + 1 };

    /// <summary>The tag parameter of a From or To value; empty when it has none (RFC 2543 peers).</summary>
    public static string TagOf(string nameAddr)
    {
        // Parameters of the URI stand inside the angle brackets, those of the header after them (RFC 3261 20.10).
        var afterUri = nameAddr.LastIndexOf('>');
        foreach (var parameter in nameAddr[(afterUri + 1)..].Split(';').Skip(1))
        {
            var trimmed = parameter.Trim();
            if (trimmed.StartsWith("tag=", StringComparison.OrdinalIgnoreCase))
            {
                return trimmed[4..].Trim();
            }
        }

        return "";
    }

    private static string WithTag(string nameAddr, string tag) =>
        TagOf(nameAddr).Length > 0 ? nameAddr : (nameAddr.Contains('<', StringComparison.Ordinal) ? nameAddr : $"<{nameAddr}>") + ";tag=" + tag;
}
