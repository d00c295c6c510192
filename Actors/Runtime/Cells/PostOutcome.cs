namespace Mcptt.Actors.Cells;

internal enum PostOutcome
{
    Posted,

    /// <summary>The mailbox is full.</summary>
    Full,

    /// <summary>The cell was unloaded meanwhile: take a new one.</summary>
    Unloaded,
}
