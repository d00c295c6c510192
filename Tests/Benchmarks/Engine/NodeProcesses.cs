using System.Diagnostics;

namespace Mcptt.Benchmarks.Engine;

/// <summary>This program started again as nodes, which can be killed; they end with this process.</summary>
internal sealed class NodeProcesses : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Process> _nodes = [];

    public IReadOnlyCollection<string> Names => _nodes.Keys;

    public IReadOnlyList<int> Ids => [.. _nodes.Values.Select(node => node.Id)];

    /// <summary>Ends when the node says that it is ready.</summary>
    public async Task StartAsync(string name, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(NodeProcesses).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _nodes[name] = Process.Start(start)!;
        if (await _nodes[name].StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"{name} does not start");
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill(string name)
    {
        _nodes.Remove(name, out var node);
        node!.Kill();
        node.Dispose();
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException("the cluster does not settle");
            }

            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        foreach (var node in _nodes.Values)
        {
            node.Kill();
            node.Dispose();
        }
    }
}
