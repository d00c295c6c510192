using Mcptt.Actors.Journals;

namespace Mcptt.Actors.Tests.Journals;

public sealed class InMemoryJournalConformanceTests : JournalConformance
{
    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new InMemoryJournal());
}
