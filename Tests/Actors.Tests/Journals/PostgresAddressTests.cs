using Mcptt.Actors.Journals.Postgres;
using Npgsql;

namespace Mcptt.Actors.Tests.Journals;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("journal.db")]
    [InlineData("/var/lib/mcptt/Host=x/journal.db")]
    [InlineData("C:\\journal;1\\x.db")]
    [InlineData("")]
    public void A_path_is_not_taken_for_a_database(string text) => Assert.False(PostgresAddress.IsMeant(text));

    [Fact]
    public void A_uri_says_the_same_as_a_connection_string()
    {
        var parts = Read("postgresql://mc%40ptt:p%3Ass%2Fw@db1.example.org:5433/calls?sslmode=verify-full&application_name=node%201&target_session_attrs=read-write");

        Assert.Equal(("mc@ptt", "p:ss/w", "db1.example.org", 5433, "calls"), (parts.Username, parts.Password, parts.Host, parts.Port, parts.Database));
        Assert.Equal((SslMode.VerifyFull, "node 1", "read-write"), (parts.SslMode, parts.ApplicationName, parts.TargetSessionAttributes));
        var same = Read("Host=db1.example.org;Port=5433;Username=mc@ptt;Password=p:ss/w;Database=calls;SSL Mode=VerifyFull;Application Name=node 1;Target Session Attributes=read-write");
        Assert.True(parts.EquivalentTo(same));
    }

    [Theory]
    [InlineData("postgres://a@db1/x", "db1", 5432)]
    [InlineData("postgres://a@db1:5433,db2:5434/x", "db1:5433,db2:5434", 5432)]
    [InlineData("postgres://a@[::1]:5433/x", "::1", 5433)]
    [InlineData("postgres://a@[::1]/x", "::1", 5432)]
    public void Hosts_and_ports_are_where_they_belong(string text, string host, int port)
    {
        var parts = Read(text);

        Assert.Equal((host, port), (parts.Host, parts.Port));
    }

    [Theory]
    [InlineData("postgres://a:hush@db1:port/x")]
    [InlineData("postgres://a:hush@db1/x?nonsense=1")]
    [InlineData("postgres://a:hush@db1/")]
    [InlineData("Host=db1;Nonsense=hush;Database=x")]
    [InlineData("Host=db1;SSL Mode=hush;Database=x")]
    public void What_is_wrong_is_told_without_the_values(string text)
    {
        Assert.True(PostgresAddress.IsMeant(text));
        Assert.False(PostgresAddress.TryRead(text, out _, out var problem));
        Assert.NotEqual("", problem);
        Assert.DoesNotContain("hush", problem, StringComparison.Ordinal);
        Assert.Equal("", PostgresAddress.WithoutSecrets(text));
    }

    [Fact]
    public void Without_its_secrets_it_can_still_be_used()
    {
        var shown = PostgresAddress.WithoutSecrets("postgres://a:hush@db1/x?SSL Password=hush&sslmode=require");

        Assert.DoesNotContain("hush", shown, StringComparison.Ordinal);
        Assert.Equal(("a", "db1", "x", SslMode.Require), (Read(shown).Username, Read(shown).Host, Read(shown).Database, Read(shown).SslMode));
    }

    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        Assert.True(PostgresAddress.IsMeant(text));
        Assert.True(PostgresAddress.TryRead(text, out var connectionString, out var problem), problem);
        return new NpgsqlConnectionStringBuilder(connectionString);
    }
}
