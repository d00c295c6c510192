using Npgsql;

namespace Mcptt.Actors.Journals.Postgres;

/// <summary>Where a PostgreSQL database is, as operators write it: postgres://role@host:port/database or Host=host;Database=database;Username=role.</summary>
public static class PostgresAddress
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    // What libpq calls the parameters of a URI that are not named alike here.
    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["search_path"] = "Search Path",
    };

    private static readonly string[] Secrets = ["Password", "SSL Password"];

    /// <summary>Whether it means a PostgreSQL database at all; else it is a path.</summary>
    public static bool IsMeant(string text) =>
        IsUri(text) || text.Split(';').Select(part => part.Split('=', 2)).Any(pair => pair.Length == 2 && pair[0].Trim().ToUpperInvariant() is "HOST" or "SERVER");

    /// <param name="problem">What is wrong; it never shows a password.</param>
    public static bool TryRead(string text, out string connectionString, out string problem)
    {
        connectionString = "";
        try
        {
            var parts = IsUri(text) ? OfUri(text) : new NpgsqlConnectionStringBuilder(text);
            problem = string.IsNullOrEmpty(parts.Host) ? "names no host" : string.IsNullOrEmpty(parts.Database) ? "names no database" : "";
            connectionString = parts.ConnectionString;
            return problem.Length == 0;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            // The builder's message names the keyword, never a value.
            problem = failure is ArgumentException { ParamName: { Length: > 0 } keyword } ? $"\"{keyword}\" is no parameter, or its value does not fit" : "is no connection string";
            return false;
        }
    }

    /// <summary>The same without what must not be shown.</summary>
    public static string WithoutSecrets(string text)
    {
        if (!TryRead(text, out var connectionString, out _))
        {
            return "";
        }

        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        foreach (var secret in Secrets)
        {
            parts.Remove(secret);
        }

        return parts.ConnectionString;
    }

    private static bool IsUri(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    // Not System.Uri: it knows one host only.
    private static NpgsqlConnectionStringBuilder OfUri(string text)
    {
        var parts = new NpgsqlConnectionStringBuilder();
        var (rest, query) = Cut(text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..], '?');
        var (authority, database) = Cut(rest, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            parts.Username = Uri.UnescapeDataString(user);
            parts.Password = password.Length > 0 ? Uri.UnescapeDataString(password) : null;
        }

        SetHosts(parts, authority[(at + 1)..]);
        parts.Database = Uri.UnescapeDataString(database);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            name = Uri.UnescapeDataString(name);
            parts[LibpqNames.GetValueOrDefault(name, name)] = Value(name, Uri.UnescapeDataString(value));
        }

        return parts;
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder parts, string hosts)
    {
        var colon = hosts.LastIndexOf(':');
        if (hosts.Contains(',', StringComparison.Ordinal) || colon < 0 || hosts.EndsWith(']'))
        {
            parts.Host = hosts.Trim('[', ']');
            return;
        }

        parts.Host = hosts[..colon].Trim('[', ']');
        parts.Port = int.Parse(hosts[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    // "verify-full" and "read-write" are written with a hyphen there.
    private static string Value(string name, string value) => name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? value.Replace("-", "", StringComparison.Ordinal) : value;

    private static (string Before, string After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }
}
