using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Mcptt.Testing.Postgres;

/// <summary>
/// A PostgreSQL of the tests' own: data in a temporary folder, a free port on the loopback, everything synchronised to the disk as in
/// production. The system's own cluster, if there is one, is not touched. It goes when it is disposed, or with the test run, however that ends.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const int StartAttempts = 5;

    // Below the ephemeral range: a port that is only ours must still be free after a stop.
    private const int FirstPort = 15_000;
    private const int LastPort = 32_000;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<PostgresServer> One = new(StartShared);

    private readonly string _folder;
    private readonly string[] _settings;
    private PostgresProcess? _process;
    private int _databases;

    private PostgresServer(string folder, string[] settings)
    {
        _folder = folder;
        _settings = settings;
    }

    /// <summary>One for all tests of a process that neither stop nor kill it; it starts with the first of them and ends with the process.</summary>
    public static PostgresServer Shared => One.Value;

    public int Port { get; private set; }

    /// <summary>What all its processes have used since it was started.</summary>
    public TimeSpan ProcessorTime => Running.ProcessorTime;

    /// <summary>What the server wrote to its log.</summary>
    public string Log => File.ReadAllText(LogPath);

    private string LogPath => Path.Combine(_folder, "log");

    private string DataPath => Path.Combine(_folder, "data");

    /// <param name="settings">As in postgresql.conf, each "name=value".</param>
    public static PostgresServer Create(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-postgres-").FullName;
        var server = new PostgresServer(folder, settings);
        try
        {
            server.Initialise();
            server.StartOnFreePort();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A copy that follows this one; from now on nothing is committed here that is not durable there too, so that a fail-over loses nothing.
    /// </summary>
    public PostgresServer CreateStandby()
    {
        var folder = Directory.CreateTempSubdirectory("mcptt-postgres-").FullName;
        var standby = new PostgresServer(folder, _settings);
        try
        {
            standby.CopyFrom(this);
            standby.StartOnFreePort();
            Query("ALTER SYSTEM SET synchronous_standby_names = '*'");
            Query("SELECT pg_reload_conf()");
            WaitUntil("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", "1");
            return standby;
        }
        catch
        {
            standby.Dispose();
            throw;
        }
    }

    /// <summary>Makes a standby the one that may be written to.</summary>
    public void Promote()
    {
        Query("SELECT pg_promote()");
        WaitUntil("SELECT pg_is_in_recovery()", "f");
    }

    /// <summary>A connection string that names both servers: whichever may be written to is meant.</summary>
    public static string Either(string connectionString, PostgresServer one, PostgresServer other) =>
        connectionString.Replace($"Host=127.0.0.1;Port={one.Port};", $"Host=127.0.0.1:{one.Port},127.0.0.1:{other.Port};", StringComparison.Ordinal);

    /// <summary>A fresh, empty database; its connection string for Npgsql.</summary>
    public string CreateDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        Run("createdb", [PostgresPrograms.Path("createdb"), "--host=127.0.0.1", $"--port={Port}", "--username=postgres", "--no-password", name]);
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    /// <summary>Starts it again after <see cref="Stop"/> or <see cref="Kill"/>, on the same port; returns when it takes connections.</summary>
    public void Start()
    {
        if (_process is not null)
        {
            throw new InvalidOperationException("PostgreSQL runs already");
        }

        if (!TryStart())
        {
            throw new InvalidOperationException($"PostgreSQL does not start:\n{Log}");
        }
    }

    /// <summary>In an orderly way: sessions are ended, their transactions rolled back (SIGINT, "fast").</summary>
    public void Stop() => End(process => process.Signal("INT", [process.Postmaster]));

    /// <summary>kill -9 of the postmaster and all its backends at one moment: none of them finishes what it is doing.</summary>
    public void Kill() => End(process =>
    {
        // Nothing new is born while the others are being counted.
        process.Signal("STOP", [process.Postmaster]);
        process.Signal("KILL", process.Family());
    });

    /// <summary>It stands still: connections stay open and nothing answers.</summary>
    public void Suspend() => Running.Signal("STOP", Running.Family());

    /// <summary>After <see cref="Suspend"/>.</summary>
    public void Continue() => Running.Signal("CONT", Running.Family());

    public void Dispose()
    {
        if (_process is not null)
        {
            Continue();
            Kill();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private PostgresProcess Running => _process ?? throw new InvalidOperationException("PostgreSQL does not run");

    private static PostgresServer StartShared()
    {
        var server = Create();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    }

    private void Initialise()
    {
        Directory.CreateDirectory(DataPath);
        File.WriteAllText(LogPath, "");
        if (Environment.UserName == "root")
        {
            Run("chown", ["chown", "-R", "postgres:", _folder]);
        }

        Run("initdb", AsPostgres([PostgresPrograms.Path("initdb"), "--pgdata", DataPath, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]));
    }

    private void CopyFrom(PostgresServer primary)
    {
        File.WriteAllText(LogPath, "");
        if (Environment.UserName == "root")
        {
            Run("chown", ["chown", "-R", "postgres:", _folder]);
        }

        string[] copy = ["--pgdata", DataPath, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--host=127.0.0.1", $"--port={primary.Port}", "--username=postgres", "--no-password"];
        Run("pg_basebackup", AsPostgres([PostgresPrograms.Path("pg_basebackup"), .. copy]));
    }

    private string Query(string sql) =>
        Run("psql", [PostgresPrograms.Path("psql"), "--host=127.0.0.1", $"--port={Port}", "--username=postgres", "--no-password", "--dbname=postgres", "--tuples-only", "--no-align", $"--command={sql}"]).Trim();

    private void WaitUntil(string sql, string answer)
    {
        var watch = Stopwatch.StartNew();
        while (Query(sql) is var last && last != answer)
        {
            if (watch.Elapsed > ReadyLimit)
            {
                throw new TimeoutException($"{sql}: {last}, not {answer}\n{Log}");
            }

            Thread.Sleep(20);
        }
    }

    private void StartOnFreePort()
    {
        for (var attempt = 1; attempt <= StartAttempts; attempt++)
        {
            Port = FreePort();
            if (TryStart())
            {
                return;
            }
        }

        throw new InvalidOperationException($"PostgreSQL does not start:\n{Log}");
    }

    private bool TryStart()
    {
        string[] settings = [$"port={Port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on", "synchronous_commit=on", "max_connections=200", .. _settings];
        _process = PostgresProcess.Start(_folder, AsPostgres([PostgresPrograms.Path("postgres"), "-D", DataPath, .. settings.SelectMany(setting => (string[])["-c", setting])]));
        var watch = Stopwatch.StartNew();
        while (_process.IsRunning && watch.Elapsed < ReadyLimit)
        {
            if (IsReady())
            {
                return true;
            }

            Thread.Sleep(20);
        }

        Kill();
        return false;
    }

    private bool IsReady()
    {
        using var ask = Process.Start(PostgresPrograms.Path("pg_isready"), ["--quiet", "--host=127.0.0.1", $"--port={Port}", "--username=postgres", "--dbname=postgres"]);
        ask.WaitForExit();
        return ask.ExitCode == 0;
    }

    private void End(Action<PostgresProcess> end)
    {
        var process = Running;
        var family = process.Family();
        end(process);
        PostgresProcess.WaitForEnd(family);
        process.Dispose();
        _process = null;
    }

    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(FirstPort, LastPort);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; another one.
            }
        }
    }

    // PostgreSQL refuses to run as root. setpriv (util-linux) becomes the program, so that its process id is the postmaster's.
    private static string[] AsPostgres(string[] command) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", .. command] : command;

    private static string Run(string what, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{what} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{what} failed: {errors}{output.GetAwaiter().GetResult()}");
        }

        return output.GetAwaiter().GetResult();
    }
}
