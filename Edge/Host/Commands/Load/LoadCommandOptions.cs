using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mcptt.Host.Configuration;
using Mcptt.Load.Profiles;
using Mcptt.Load.Running;
using Mcptt.Protocol.Sip;
using Mcptt.Ue.Sharing;

namespace Mcptt.Host.Commands.Load;

/// <summary>The flags of mcptt load, read into an order or refused with the flag's name.</summary>
internal sealed class LoadCommandOptions
{
    private const string TokenVariable = "MCPTT_API_TOKEN";

    private readonly CommandContext _context;
    private readonly Option<string?> _server = new("--server") { Description = "SIP addresses of the servers; clients are spread over them and go to the next one when theirs fails", HelpName = "udp:HOST:PORT[,...]" };
    private readonly Option<FileInfo?> _profile = new("--profile") { Description = "What load is made (\"mcptt load example\" prints one)", HelpName = "FILE" };
    private readonly Option<string?> _duration = new("--duration") { Description = "Length of the steady phase instead of the profile's, e.g. 90s, 10m", HelpName = "DURATION" };
    private readonly Option<DirectoryInfo?> _report = new("--report") { Description = "Write report.json, report.html and report.svg there", HelpName = "DIR" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON" };
    private readonly Option<string?> _api = new("--api") { Description = $"Address of the API that users and groups are provisioned by (also {ConfigurationEnvironment.Api}) [default: {ApiCommandOptions.DefaultAddress}]", HelpName = "URL" };
    private readonly Option<FileInfo?> _tokenFile = new("--token-file") { Description = $"File with the API's token (also the variable {TokenVariable})", HelpName = "FILE" };
    private readonly Option<bool> _noProvision = new("--no-provision") { Description = "Users and groups are there already" };
    private readonly Option<string?> _local = new("--local") { Description = "Address of this machine to use [default: the one towards the first server]", HelpName = "ADDRESS" };
    private readonly Option<string?> _processes = new("--server-pid") { Description = "Processes of the servers, where they run on this machine: their processor time goes into the report", HelpName = "PID[,...]" };

    private LoadCommandOptions(CommandContext context) => _context = context;

    public static LoadCommandOptions AddTo(Command command, CommandContext context)
    {
        var options = new LoadCommandOptions(context);
        foreach (var option in new Option[]
        {
            options._server, options._profile, options._duration, options._report, options._json, options._api, options._tokenFile, options._noProvision, options._local,
            options._processes,
        })
        {
            command.Options.Add(option);
        }

        return options;
    }

    /// <summary>Throws <see cref="UsageException"/> with what to write instead.</summary>
    public LoadOrder Read(ParseResult parsed)
    {
        var servers = Servers(parsed.GetValue(_server) ?? throw new UsageException("--server is missing: write for instance --server udp:127.0.0.1:5060"), out var transport);
        var file = parsed.GetValue(_profile) ?? throw new UsageException("--profile is missing: \"mcptt load example > town.json\" writes one to begin with");
        var run = new LoadOptions
        {
            Profile = WithDuration(ProfileFile.Read(file), parsed.GetValue(_duration)),
            Servers = servers,
            Transport = transport,
            LocalAddress = Local(parsed.GetValue(_local), servers[0]),
            ServerProcesses = Processes(parsed.GetValue(_processes)),
        };
        return new LoadOrder(run, parsed.GetValue(_noProvision) ? null : Api(parsed.GetValue(_api)), Token(parsed.GetValue(_tokenFile)), parsed.GetValue(_report), parsed.GetValue(_json));
    }

    private static IReadOnlyList<IPEndPoint> Servers(string written, out SipTransport transport)
    {
        var read = written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Server).ToList();
        if (read.Count is 0 or > UeFleetOptions.MaxServers)
        {
            throw new UsageException($"--server: name 1 to {UeFleetOptions.MaxServers} servers");
        }

        if (read.Select(one => one.Transport).Distinct().Count() > 1)
        {
            throw new UsageException("--server: all of one transport, udp or tcp");
        }

        transport = read[0].Transport;
        return [.. read.Select(one => one.Address)];
    }

    private static (SipTransport Transport, IPEndPoint Address) Server(string written)
    {
        var kind = written.Split(':', 2);
        var transport = kind[0].ToLowerInvariant() switch { "udp" => SipTransport.Udp, "tcp" => SipTransport.Tcp, _ => (SipTransport?)null };
        var cut = kind.Length == 2 ? kind[1].LastIndexOf(':') : -1;
        if (transport is not { } known || cut <= 0 || !ushort.TryParse(kind[1].AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            throw new UsageException($"--server: \"{written}\" is no address; write udp:HOST:PORT or tcp:HOST:PORT");
        }

        return (known, new IPEndPoint(Address(kind[1][..cut].Trim('[', ']')), port));
    }

    private static IPAddress Address(string host)
    {
        try
        {
            return IPAddress.TryParse(host, out var address) ? address : Dns.GetHostAddresses(host).OrderBy(one => one.AddressFamily).First();
        }
        catch (SocketException e)
        {
            throw new UsageException($"--server: {host}: {e.Message}");
        }
    }

    private static LoadProfile WithDuration(LoadProfile profile, string? written)
    {
        if (written is null)
        {
            return profile;
        }

        var unit = written.Length > 0 ? written[^1] : ' ';
        decimal factor = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (factor == 0 || !decimal.TryParse(written.AsSpan(0, written.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number * factor < 1)
        {
            throw new UsageException($"--duration: \"{written}\" is no duration; write for instance 90s, 10m or 1h");
        }

        return profile with { Phases = profile.Phases with { SteadySeconds = number * factor } };
    }

    private static IPAddress Local(string? written, IPEndPoint server)
    {
        if (written is not null)
        {
            return IPAddress.TryParse(written, out var address) ? address : throw new UsageException($"--local: \"{written}\" is no IP address");
        }

        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(server); // Sends nothing; the system only chooses the way.
            return ((IPEndPoint)socket.LocalEndPoint!).Address; // Connected: it has one.
        }
        catch (SocketException e)
        {
            throw new UsageException($"--server: {server}: {e.Message}");
        }
    }

    private static IReadOnlyList<int> Processes(string? written) =>
        [
            .. (written ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(one => int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new UsageException($"--server-pid: \"{one}\" is no process id")),
        ];

    private Uri Api(string? written)
    {
        var address = written ?? _context.Environment.GetValueOrDefault(ConfigurationEnvironment.Api) ?? ApiCommandOptions.DefaultAddress;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw new UsageException($"--api: \"{address}\" is no address of the API; write it as {ApiCommandOptions.DefaultAddress}");
    }

    private string Token(FileInfo? file)
    {
        try
        {
            return file is null ? _context.Environment.GetValueOrDefault(TokenVariable, "") : File.ReadAllText(file.FullName).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the token cannot be read: {e.Message}");
        }
    }
}
