namespace Mcptt.Host.Phones;

/// <summary>The flags that make up a script without one being written.</summary>
internal sealed record UeOrders(
    string? Group, bool Affiliate, bool Call, string? Talk, string? Play, string? Record, string? Duration, bool PlainPhone, bool ManualAnswer)
{
    // Longer than any file that can be played.
    private const string PlayLimit = "61m";
    private const string CallLimit = "10m";
    private const string GrantLimit = "30s";
    private const string AnswerLimit = "5s";

    public bool LeaveRestToTheUser => !Call && Duration is null && Talk is null && Play is null;

    /// <summary>Null, or which flag lacks what.</summary>
    public string? ToLines(out IReadOnlyList<string> lines)
    {
        lines = [];
        if ((Affiliate || Call) && Group is null)
        {
            return "--affiliate and --call want a --group";
        }

        lines = [.. Lines()];
        return null;
    }

    private IEnumerable<string> Lines()
    {
        yield return "register";
        if (!PlainPhone)
        {
            yield return ManualAnswer ? "settings manual" : "settings auto";
        }

        if (Affiliate)
        {
            yield return "subscribe";
            yield return $"affiliate {Group}";
            yield return $"expect affiliation group {Group} status affiliated within {AnswerLimit}";
        }

        if (Call)
        {
            yield return $"call {Group}";
        }

        if (!Call && (Record is not null || Talk is not null || Play is not null))
        {
            yield return $"expect established within {Duration ?? CallLimit}";
        }

        if (Record is not null)
        {
            yield return $"record {Record}";
        }

        foreach (var line in Burst())
        {
            yield return line;
        }

        if (Duration is not null)
        {
            yield return $"wait {Duration}";
        }
    }

    private IEnumerable<string> Burst()
    {
        if (Talk is null && Play is null)
        {
            yield break;
        }

        if (Play is not null)
        {
            yield return $"play {Play}";
        }

        // Right after the call is answered nobody else may have joined yet: who is alone is denied (TS 24.380 6.3.4.3.3).
        yield return PlainPhone ? "press" : $"keep-pressing within {GrantLimit}";

        yield return Talk is not null ? $"wait {Talk}" : $"expect played within {PlayLimit}";
        yield return "release";
        if (!PlainPhone)
        {
            yield return $"expect released within {AnswerLimit}";
        }
    }
}
