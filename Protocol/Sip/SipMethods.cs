namespace Mcptt.Protocol.Sip;

/// <summary>Method names are case-sensitive (RFC 3261 7.1). A parsed message uses these very instances for the methods it knows.</summary>
public static class SipMethods
{
    public const string Invite = "INVITE";
    public const string Ack = "ACK";
    public const string Cancel = "CANCEL";
    public const string Bye = "BYE";
    public const string Register = "REGISTER";
    public const string Options = "OPTIONS";
    public const string Publish = "PUBLISH";
    public const string Subscribe = "SUBSCRIBE";
    public const string Notify = "NOTIFY";
    public const string Message = "MESSAGE";
    public const string Info = "INFO";
    public const string Update = "UPDATE";
    public const string Prack = "PRACK";
    public const string Refer = "REFER";

    private static readonly string[] Known =
        [Invite, Ack, Bye, Cancel, Register, Options, Publish, Subscribe, Notify, Message, Info, Update, Prack, Refer];

    /// <summary>One that an RFC defines and this program knows of.</summary>
    public static bool IsKnown(string method) => Known.Contains(method, StringComparer.Ordinal);

    internal static string Intern(ReadOnlySpan<char> method)
    {
        foreach (var known in Known)
        {
            if (method.SequenceEqual(known))
            {
                return known;
            }
        }

        return method.ToString();
    }
}
