using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Google.Protobuf;

namespace Mcptt.Host.Tests.Telemetry;

/// <summary>Takes OTLP over HTTP on loopback and reads what came: spans and the names of metrics, by the field numbers of opentelemetry-proto 1.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private const int TraceIdBytes = 16;

    private readonly HttpListener _listener = new();
    private readonly Task _running;

    public OtlpReceiver()
    {
        // HttpListener cannot take a free port by itself.
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address + "/");
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Somebody took it in between.
            }
        }

        _running = RunAsync();
    }

    public string Address { get; }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    public ConcurrentDictionary<string, string> Resource { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public void Dispose()
    {
        _listener.Close();
        GC.KeepAlive(_running);
    }

    private async Task RunAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Authorizations.Enqueue(context.Request.Headers["Authorization"] ?? "");
            foreach (var perResource in Fields(body.ToArray(), 1))
            {
                Read(context.Request.Url?.AbsolutePath ?? "", perResource);
            }

            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    private void Read(string path, byte[] perResource)
    {
        foreach (var (key, value) in Fields(perResource, 1).SelectMany(resource => Attributes(resource, 1)))
        {
            Resource[key] = value;
        }

        foreach (var one in Fields(perResource, 2).SelectMany(scope => Fields(scope, 2)))
        {
            if (path == "/v1/traces")
            {
                Spans.Enqueue(new ReceivedSpan(
                    Convert.ToHexStringLower(Bytes(one, 1, TraceIdBytes)), Convert.ToHexStringLower(Bytes(one, 2, 8)), Convert.ToHexStringLower(Bytes(one, 4, 8)), Text(one, 5), Attributes(one, 9)));
            }
            else if (path == "/v1/metrics")
            {
                Metrics[Text(one, 1)] = true;
            }
        }
    }

    private static byte[] Bytes(byte[] message, int field, int length) => Fields(message, field).FirstOrDefault(bytes => bytes.Length == length) ?? [];

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    // KeyValue { key = 1, AnyValue value = 2 { string_value = 1, int_value = 3 } }
    private static Dictionary<string, string> Attributes(byte[] message, int field) =>
        Fields(message, field)
            .GroupBy(pair => Text(pair, 1))
            .ToDictionary(group => group.Key, group => group.Last() is var pair && Fields(pair, 2).FirstOrDefault() is { } value ? Text(value, 1) : "");

    /// <summary>The length-delimited fields of that number.</summary>
    private static List<byte[]> Fields(byte[] message, int wanted)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                var bytes = input.ReadBytes().ToByteArray();
                if (WireFormat.GetTagFieldNumber(tag) == wanted)
                {
                    found.Add(bytes);
                }
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}

internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags);
