namespace Mcptt.Testing.Postgres;

/// <summary>Where PostgreSQL's own programs are. Debian keeps the server's out of PATH: /usr/lib/postgresql/VERSION/bin.</summary>
internal static class PostgresPrograms
{
    public const string Missing = "needs PostgreSQL (Debian package postgresql; see ops/docs/testing.md)";

    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly Lazy<string?> Folder = new(Find);

    public static bool Exist => Folder.Value is not null;

    public static string Path(string program) =>
        Folder.Value is { } folder ? System.IO.Path.Combine(folder, program) : throw new InvalidOperationException(Missing);

    private static string? Find() =>
        Versions()
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, "postgres")) && File.Exists(System.IO.Path.Combine(folder, "initdb")));

    // The newest version first.
    private static IEnumerable<string> Versions() =>
        Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .OrderByDescending(folder => Version.TryParse(System.IO.Path.GetFileName(folder) + ".0", out var version) ? version : new Version())
                .Select(folder => System.IO.Path.Combine(folder, "bin"))
            : [];
}
