using Mcptt.Protocol.Sip;

namespace Mcptt.Edge.Translation;

/// <summary>What this element understands, as header fields say it.</summary>
internal static class SipFeatures
{
    public const string Timer = "timer";

    public static readonly string Allow = string.Join(
        ", ",
        SipMethods.Invite,
        SipMethods.Ack,
        SipMethods.Cancel,
        SipMethods.Bye,
        SipMethods.Update,
        SipMethods.Info,
        SipMethods.Options,
        SipMethods.Register,
        SipMethods.Publish,
        SipMethods.Subscribe);

    public const string Supported = "timer, path";

    /// <summary>On the 200 to the originator of a call (TS 24.379 6.3.3.2.3.2).</summary>
    public const string SupportedInCall = "timer, tdialog, norefersub, explicitsub, nosub";

    private static readonly string[] Understood = [Timer, "path", "answermode", "pref", "gruu", "outbound"];

    /// <summary>What a request requires and we do not understand (RFC 3261 8.2.2.3); empty: nothing.</summary>
    public static IReadOnlyList<string> NotUnderstood(RequestMessage message) =>
        [.. message.Require.Where(tag => !Understood.Contains(tag, StringComparer.OrdinalIgnoreCase))];

    /// <summary>Session timer and capabilities of a 2xx within a call (RFC 4028 9). A refresher uac must know that it is one: Require.</summary>
    public static IEnumerable<(string Name, string Value)> SessionHeaders(uint expiresSeconds, string refresher, string supported = Timer)
    {
        if (expiresSeconds > 0)
        {
            yield return (SipHeaderNames.SessionExpires, refresher.Length > 0 ? $"{expiresSeconds};refresher={refresher}" : $"{expiresSeconds}");
            if (refresher == "uac")
            {
                yield return (SipHeaderNames.Require, Timer);
            }
        }

        yield return (SipHeaderNames.Supported, supported);
        yield return (SipHeaderNames.Allow, Allow);
    }
}
