using System.Diagnostics;
using System.Globalization;

namespace Mcptt.Testing.Postgres;

/// <summary>
/// One run of a postmaster under a shell that outlives it. The shell reads a pipe from this process and kills the postmaster when the pipe ends, so that
/// a test run that is killed leaves nothing behind. Until it is disposed nobody waits for the postmaster, so that its process id cannot become another's.
/// </summary>
internal sealed class PostgresProcess : IDisposable
{
    // $0: the folder of log and data; the rest: the command. INT and QUIT are ignored in what a shell starts behind itself; the postmaster
    // takes them back. A line on the pipe says that the folder is still wanted.
    private const string Guard = "\"$@\" >>\"$0/log\" 2>&1 </dev/null & echo $!; read -r keep; kill -QUIT $! 2>/dev/null; wait; [ -n \"$keep\" ] || rm -rf \"$0\"";

    // USER_HZ, which Linux shows to programs whatever its own clock does.
    private const int TicksPerSecond = 100;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly Process _shell;

    private PostgresProcess(Process shell, int postmaster)
    {
        _shell = shell;
        Postmaster = postmaster;
    }

    public int Postmaster { get; }

    /// <summary>A killed process that nobody has waited for yet runs no more either.</summary>
    public bool IsRunning => IsAlive(Postmaster);

    public static PostgresProcess Start(string folder, IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", Guard, folder, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        var shell = Process.Start(start) ?? throw new InvalidOperationException("sh did not start");
        return new PostgresProcess(shell, int.Parse(shell.StandardOutput.ReadLine() ?? "", CultureInfo.InvariantCulture));
    }

    /// <summary>The postmaster and its backends.</summary>
    public IReadOnlyList<int> Family() => [Postmaster, .. ChildrenOf(Postmaster)];

    /// <summary>Of the postmaster and all its backends, those that have ended too.</summary>
    public TimeSpan ProcessorTime => TimeSpan.FromSeconds(Family().Sum(process => ProcessorTicks(process, withEnded: process == Postmaster)) / (double)TicksPerSecond);

    public void Signal(string signal, IEnumerable<int> processes)
    {
        // One of them may have ended meanwhile; the shell's own kill goes on with the others.
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {string.Join(' ', processes)} 2>/dev/null"]);
        kill.WaitForExit();
    }

    /// <summary>Until none of them runs any more: the shared memory of the last run must be free before the next.</summary>
    public static void WaitForEnd(IReadOnlyList<int> processes)
    {
        var watch = Stopwatch.StartNew();
        while (processes.Any(IsAlive))
        {
            if (watch.Elapsed > EndLimit)
            {
                throw new TimeoutException($"PostgreSQL's processes {string.Join(", ", processes.Where(IsAlive))} did not end");
            }

            Thread.Sleep(1);
        }
    }

    public void Dispose()
    {
        _shell.StandardInput.WriteLine("keep");
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private static List<int> ChildrenOf(int parent) =>
        [
            .. from folder in Directory.GetDirectories("/proc")
               let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
               where id > 0 && Status(id) is { } status && status.Parent == parent
               select id,
        ];

    private static bool IsAlive(int process) => Status(process) is { State: not 'Z' };

    private static (char State, int Parent)? Status(int process) =>
        Fields(process) is { } fields ? (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture)) : null;

    // utime and stime; cutime and cstime of children that were waited for.
    private static long ProcessorTicks(int process, bool withEnded) =>
        Fields(process) is { } fields ? fields[11..(withEnded ? 15 : 13)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) : 0;

    // /proc/PID/stat: "12 (name) S 1 ..."; the name may hold anything, so its last bracket counts.
    private static string[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }
}
