using System.CommandLine;
using Mcptt.Domain.Audit.Stories;
using Mcptt.Domain.Ports;

namespace Mcptt.Host.Commands.Audit;

/// <summary>A call as people name it: its id, or as much of its beginning as no other call has.</summary>
internal static class CallArgument
{
    /// <summary>Calls that a message lists when the beginning fits several.</summary>
    private const int Listed = 5;

    public static Argument<string> Create() => new("CALL") { Description = "Call id, or its beginning, as \"audit calls\" shows it" };

    public static async ValueTask<CallStory> TellAsync(ICallStories stories, string written, CancellationToken cancellationToken)
    {
        var call = await FindAsync(stories, written, cancellationToken);
        return await stories.TellAsync(call, cancellationToken) ?? throw new FailedException($"call {call} has no event that can be read; \"mcptt audit verify\" tells more");
    }

    /// <summary>The id of the one call that is meant.</summary>
    public static async ValueTask<string> FindAsync(ICallStories stories, string written, CancellationToken cancellationToken)
    {
        var found = await stories.FindAsync(written, Listed + 1, cancellationToken);
        if (found.Count == 0 || written.Length == 0)
        {
            throw new FailedException($"no call \"{written}\" in this journal; \"mcptt audit calls\" lists them");
        }

        if (found.Count > 1 && !found.Contains(written))
        {
            var more = found.Count > Listed ? ", ..." : "";
            throw new UsageException($"\"{written}\" is the beginning of several calls ({string.Join(", ", found.Take(Listed))}{more}): write more of it");
        }

        return found.Contains(written) ? written : found[0];
    }
}
