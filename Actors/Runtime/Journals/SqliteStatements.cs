namespace Mcptt.Actors.Journals;

/// <summary>Statements of one connection, each prepared when it is first needed. As many as the program has.</summary>
internal sealed class SqliteStatements(SqliteDatabase database) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public SqliteStatement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = database.Prepare(sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
    }
}
