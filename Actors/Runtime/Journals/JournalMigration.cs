namespace Mcptt.Actors.Journals;

/// <summary>One step from a version of the tables to the next one. Steps are only ever added: a journal of any age is brought up by those it lacks.</summary>
/// <param name="Version">The version that the tables have after it; the first one is 1.</param>
/// <param name="What">What it does, for the operator.</param>
public sealed record JournalMigration(int Version, string What, string Script);
