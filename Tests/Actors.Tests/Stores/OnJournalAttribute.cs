using System.Reflection;
using Mcptt.Testing.Postgres;
using Xunit.Sdk;

namespace Mcptt.Actors.Tests.Stores;

/// <summary>Journals that must show the same to whoever uses them.</summary>
public enum TestedJournal
{
    InMemory,
    Sqlite,
    Postgres,
}

/// <summary>Rows of a theory: the journals that need no server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEmbeddedJournalsAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[TestedJournal.InMemory], [TestedJournal.Sqlite]];
}

/// <summary>The one that others can write to behind its back.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[TestedJournal.Sqlite]];
}

/// <summary>Where PostgreSQL's programs are missing this row is skipped, with a reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute() => Skip = new RequiresPostgresFactAttribute().Skip;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[TestedJournal.Postgres]];
}
