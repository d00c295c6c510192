namespace Mcptt.Actors.Journals;

/// <summary>
/// Work on a journal that one of the servers which share it does for all, such as sealing. Should two believe for a moment that it is theirs, the
/// journal's unique key keeps right what they write; this is for doing it once.
/// </summary>
public interface IJournalDuty : IAsyncDisposable
{
    /// <summary>Whether it is this server's: still, or from now on because nobody else has it. Throws when the database does not answer.</summary>
    ValueTask<bool> IsMineAsync(CancellationToken cancellationToken);
}

/// <summary>The duty of a server that shares its journal with nobody.</summary>
public sealed class SoleDuty : IJournalDuty
{
    public static readonly SoleDuty Instance = new();

    private SoleDuty()
    {
    }

    public ValueTask<bool> IsMineAsync(CancellationToken cancellationToken) => new(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
