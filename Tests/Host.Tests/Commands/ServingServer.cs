using System.Globalization;
using System.Text;
using Mcptt.Host.Commands;

namespace Mcptt.Host.Tests.Commands;

/// <summary>`mcptt serve` in the background of a test, with a folder of its own and free ports for everything.</summary>
internal sealed class ServingServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _count;

    private readonly CancellationTokenSource _stop = new();
    private readonly LineWriter _output = new();
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private readonly Task<int> _running;

    private ServingServer(string folder, IReadOnlyList<string> args)
    {
        Folder = folder;
        var context = new CommandContext
        {
            Out = _output,
            Error = TextWriter.Synchronized(_error),
            In = TextReader.Null,
            Environment = new Dictionary<string, string>(),
            Stop = _stop.Token,
        };
        _running = Task.Run(() => McpttCommandLine.RunAsync(Arguments(folder, args), context));
    }

    public string Folder { get; }

    public IReadOnlyList<string> Lines => _output.Lines;

    public string Error => _error.ToString();

    public Uri Api => new(Lines.First(line => line.StartsWith("api ", StringComparison.Ordinal)).Split(' ', ',')[1]);

    public static string NewFolder() =>
        Directory.CreateTempSubdirectory($"mcptt-host-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-").FullName;

    /// <summary>Arguments that leave nothing to the machine: every port is a free one on loopback.</summary>
    public static IReadOnlyList<string> Arguments(string folder, IReadOnlyList<string> more) =>
        [
            "serve",
            "--data",
            folder,
            "--sip",
            "udp:127.0.0.1:0,tcp:127.0.0.1:0",
            "--api",
            "127.0.0.1:0",
            "--log-level",
            "critical",
            "--set",
            "media.firstPort=0",
            "--set",
            "media.lastPort=0",
            .. more,
        ];

    public static async Task<ServingServer> StartAsync(string folder, params string[] args)
    {
        var server = new ServingServer(folder, args);
        var first = await Task.WhenAny(server._running, server._output.ReadyAsync).WaitAsync(Patience);
        if (first == server._running)
        {
            throw new InvalidOperationException($"serve ended with {await server._running}: {server.Error}");
        }

        return server;
    }

    /// <summary>One of the other commands, against this server.</summary>
    public Task<Ran> RunAsync(string line, string input = "") => CommandLine.RunAsync([.. line.Split(' '), "--api", Api.ToString()], input);

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private sealed class LineWriter : TextWriter
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> _lines = [];

        public override Encoding Encoding => Encoding.UTF8;

        public Task ReadyAsync => _ready.Task;

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public override void WriteLine(string? value)
        {
            lock (_lines)
            {
                _lines.Add(value ?? "");
            }

            if (value == "ready")
            {
                _ready.TrySetResult();
            }
        }

        public override void Write(char value) => throw new NotSupportedException("serve writes whole lines");
    }
}
