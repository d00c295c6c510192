namespace Mcptt.Actors.Journals;

/// <summary>One append, note or request to be told when what came before is written, while it waits for the writer and is written.</summary>
internal sealed class JournalEntry(JournalAppend? append, JournalNote? note, TaskCompletionSource<AppendResult>? completion)
{
    public JournalAppend? Append { get; } = append;

    public JournalNote? Note { get; } = note;

    public AppendResult Result { get; private set; }

    /// <summary>What became of it is known; its caller is told when the whole batch has ended.</summary>
    public bool IsSettled { get; private set; }

    public void Written() => Settle(AppendResult.Written);

    public void Occupied() => Settle(new AppendResult(AppendOutcome.Occupied, $"{Append?.PersistenceId} was written by somebody else"));

    public void Failed(string reason) => Settle(new AppendResult(AppendOutcome.Failed, reason));

    public void TellCaller() => completion?.TrySetResult(Result);

    private void Settle(AppendResult result)
    {
        Result = result;
        IsSettled = true;
    }
}
