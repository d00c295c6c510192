using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mcptt.Host.Phones;
using Mcptt.Protocol.Sip;
using Mcptt.Ue;
using Mcptt.Ue.Audio;
using Mcptt.Ue.Floor;
using Mcptt.Ue.Script;

namespace Mcptt.Host.Commands;

/// <summary>The flags of mcptt ue, read into a plan or refused with the flag's name.</summary>
internal sealed class UeCommandOptions
{
    public const string PasswordVariable = "MCPTT_UE_PASSWORD";

    private const int DefaultSipPort = 5060;

    private readonly CommandContext _context;

    private readonly Option<string> _server = new("--server") { Description = "The server or P-CSCF", HelpName = "HOST[:PORT]", Required = true };
    private readonly Option<string> _user = new("--user") { Description = "MCPTT ID, for instance sip:alice@example.org", HelpName = "SIP-URI", Required = true };
    private readonly Option<string?> _password = new("--password") { Description = $"For digest; better in the variable {PasswordVariable}", HelpName = "TEXT" };
    private readonly Option<string?> _digestUser = new("--digest-user") { Description = "User name of digest [default: user part of --user]", HelpName = "NAME" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "mcptt-client-id [default: derived from --user]", HelpName = "ID" };
    private readonly Option<string?> _token = new("--access-token") { Description = "Access token for service authorisation", HelpName = "TEXT" };
    private readonly Option<string?> _psi = new("--psi") { Description = "Public service identity of the server [default: sip:mcptt@ and the user's domain]", HelpName = "SIP-URI" };
    private readonly Option<string> _transport = new("--transport") { Description = "udp or tcp", HelpName = "NAME", DefaultValueFactory = _ => "udp" };
    private readonly Option<string?> _local = new("--local") { Description = "Address of this machine to use [default: the one towards the server]", HelpName = "ADDRESS" };
    private readonly Option<bool> _plain = new("--plain") { Description = "Be a plain SIP phone: no MCPTT headers, no floor channel" };
    private readonly Option<bool> _manual = new("--manual") { Description = "Let INVITEs ring until \"answer\"" };
    private readonly Option<string> _codec = new("--codec") { Description = "pcmu or pcma, preferred", HelpName = "NAME", DefaultValueFactory = _ => "pcmu" };
    private readonly Option<byte?> _priority = new("--priority") { Description = "Offer mc_priority", HelpName = "0-255" };
    private readonly Option<bool> _noQueueing = new("--no-queueing") { Description = "Do not offer mc_queueing" };

    private readonly Option<string?> _group = new("--group") { Description = "Group of --affiliate and --call", HelpName = "SIP-URI" };
    private readonly Option<bool> _affiliate = new("--affiliate") { Description = "Affiliate to the group" };
    private readonly Option<bool> _call = new("--call") { Description = "Call the group" };
    private readonly Option<string?> _talk = new("--talk") { Description = "Press the button for this long once in a call", HelpName = "DURATION" };
    private readonly Option<string?> _play = new("--play") { Description = "Press the button and play a WAV file (8 kHz, mono, 16 bit)", HelpName = "FILE" };
    private readonly Option<string?> _record = new("--record") { Description = "Record what is heard in the call", HelpName = "FILE" };
    private readonly Option<string?> _duration = new("--duration") { Description = "Stay for this long, then hang up and end with 0", HelpName = "DURATION" };
    private readonly Option<string?> _script = new("--script") { Description = "Run a script (- is standard input) instead of the flags above", HelpName = "FILE" };

    private readonly Option<bool> _json = new("--json") { Description = "One JSON object per event and line" };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Print each floor message too" };

    private readonly Option<double> _lose = new("--lose") { Description = "Misbehave: lose this share of floor messages", HelpName = "0-1" };
    private readonly Option<double> _duplicate = new("--duplicate") { Description = "Misbehave: double this share", HelpName = "0-1" };
    private readonly Option<double> _reorder = new("--reorder") { Description = "Misbehave: reorder this share", HelpName = "0-1" };
    private readonly Option<bool> _ignoreRevoke = new("--ignore-revoke") { Description = "Misbehave: talk on after Floor Revoke" };
    private readonly Option<int> _seed = new("--seed") { Description = "Of these faults", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };

    private UeCommandOptions(CommandContext context) => _context = context;

    public static UeCommandOptions AddTo(Command command, CommandContext context)
    {
        var options = new UeCommandOptions(context);
        foreach (var option in options.All())
        {
            command.Options.Add(option);
        }

        return options;
    }

    public bool TryRead(ParseResult parsed, [NotNullWhen(true)] out UePlan? plan, [NotNullWhen(false)] out string? fault)
    {
        plan = null;
        IReadOnlyList<ScriptCommand> script = [];
        var interactive = false;
        fault = ReadClient(parsed, out var client) ?? ReadScript(parsed, client!, out script, out interactive); // No fault: there is a client.
        if (fault is not null)
        {
            return false;
        }

        plan = new UePlan(client!, script, interactive, parsed.GetValue(_json), parsed.GetValue(_verbose));
        return true;
    }

    private IEnumerable<Option> All() =>
    [
        _server, _user, _password, _digestUser, _clientId, _token, _psi, _transport, _local, _plain, _manual, _codec, _priority, _noQueueing,
        _group, _affiliate, _call, _talk, _play, _record, _duration, _script, _json, _verbose, _lose, _duplicate, _reorder, _ignoreRevoke, _seed,
    ];

    private string? ReadClient(ParseResult parsed, out UeOptions? client)
    {
        client = null;
        if (!SipUri.TryParse(parsed.GetValue(_user), out var user))
        {
            return $"--user: \"{parsed.GetValue(_user)}\" is no SIP URI such as sip:alice@example.org";
        }

        SipUri? psi = null;
        if (parsed.GetValue(_psi) is { } written && !SipUri.TryParse(written, out psi))
        {
            return $"--psi: \"{written}\" is no SIP URI";
        }

        if (ReadTransport(parsed, out var transport) is { } transportFault)
        {
            return transportFault;
        }

        if (ReadAddresses(parsed, out var server, out var local) is { } addressFault)
        {
            return addressFault;
        }

        if (ReadMisbehaviour(parsed, out var misbehaviour) is { } misbehaviourFault)
        {
            return misbehaviourFault;
        }

        if (ReadCodecs(parsed, out var codecs) is { } codecFault)
        {
            return codecFault;
        }

        client = new UeOptions
        {
            User = user,
            Server = server!, // Read without a fault.
            LocalAddress = local!,
            Transport = transport,
            Password = parsed.GetValue(_password) ?? _context.Environment.GetValueOrDefault(PasswordVariable),
            DigestUser = parsed.GetValue(_digestUser),
            ClientId = parsed.GetValue(_clientId),
            AccessToken = parsed.GetValue(_token),
            ServiceIdentity = psi,
            PlainPhone = parsed.GetValue(_plain),
            ManualAnswer = parsed.GetValue(_manual),
            Codecs = codecs,
            OfferPriority = parsed.GetValue(_priority),
            OfferQueueing = !parsed.GetValue(_noQueueing),
            Misbehaviour = misbehaviour,
        };
        return null;
    }

    private string? ReadTransport(ParseResult parsed, out SipTransport transport)
    {
        var name = parsed.GetValue(_transport)?.ToLowerInvariant();
        transport = name == "tcp" ? SipTransport.Tcp : SipTransport.Udp;
        return name is "udp" or "tcp" ? null : $"--transport: \"{name}\" is neither udp nor tcp";
    }

    private string? ReadCodecs(ParseResult parsed, out IReadOnlyList<G711Law> codecs)
    {
        var name = parsed.GetValue(_codec)?.ToLowerInvariant();
        codecs = name == "pcma" ? [G711Law.ALaw, G711Law.MuLaw] : [G711Law.MuLaw, G711Law.ALaw];
        return name is "pcmu" or "pcma" ? null : $"--codec: \"{name}\" is neither pcmu nor pcma";
    }

    private string? ReadAddresses(ParseResult parsed, out IPEndPoint? server, out IPAddress? local)
    {
        local = null;
        var written = parsed.GetValue(_server) ?? "";
        if (ReadServer(written, out server) is { } fault)
        {
            return fault;
        }

        if (parsed.GetValue(_local) is { } name)
        {
            return IPAddress.TryParse(name, out local) ? null : $"--local: \"{name}\" is no IP address";
        }

        // A connected UDP socket sends nothing, but tells which of our addresses the route to the server uses.
        using var probe = new Socket(server!.AddressFamily, SocketType.Dgram, ProtocolType.Udp); // Read without a fault.
        try
        {
            probe.Connect(server);
            local = ((IPEndPoint)probe.LocalEndPoint!).Address; // Connected, so it is bound.
            return null;
        }
        catch (SocketException e)
        {
            return $"--server: no way to {written}: {e.Message}";
        }
    }

    private static string? ReadServer(string written, out IPEndPoint? server)
    {
        if (IPEndPoint.TryParse(written, out server))
        {
            server.Port = server.Port == 0 ? DefaultSipPort : server.Port;
            return null;
        }

        var colon = written.LastIndexOf(':');
        var (host, port) = colon < 0 ? (written, DefaultSipPort) : (written[..colon], ushort.TryParse(written[(colon + 1)..], out var number) ? number : 0);
        if (host.Length == 0 || port == 0)
        {
            return $"--server: \"{written}\" is no HOST[:PORT]";
        }

        try
        {
            server = new IPEndPoint(Dns.GetHostAddresses(host)[0], port);
            return null;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return $"--server: {host}: {e.Message}";
        }
    }

    private string? ReadMisbehaviour(ParseResult parsed, out Misbehaviour misbehaviour)
    {
        misbehaviour = new Misbehaviour
        {
            Lose = parsed.GetValue(_lose),
            Duplicate = parsed.GetValue(_duplicate),
            Reorder = parsed.GetValue(_reorder),
            IgnoreRevoke = parsed.GetValue(_ignoreRevoke),
            Seed = parsed.GetValue(_seed),
        };
        return misbehaviour is { Lose: >= 0 and <= 1, Duplicate: >= 0 and <= 1, Reorder: >= 0 and <= 1 }
            ? null
            : "--lose, --duplicate and --reorder are shares from 0 to 1";
    }

    private string? ReadScript(ParseResult parsed, UeOptions client, out IReadOnlyList<ScriptCommand> script, out bool interactive)
    {
        (script, interactive) = ([], false);
        if (parsed.GetValue(_script) is { } file)
        {
            return ReadScriptFile(file, out script);
        }

        var orders = new UeOrders(
            parsed.GetValue(_group), parsed.GetValue(_affiliate), parsed.GetValue(_call), parsed.GetValue(_talk), parsed.GetValue(_play), parsed.GetValue(_record),
            parsed.GetValue(_duration), client.PlainPhone, client.ManualAnswer);
        interactive = orders.LeaveRestToTheUser;
        if (orders.ToLines(out var lines) is { } fault)
        {
            return fault;
        }

        return ScriptParser.TryParse(lines, out var read, out var scriptFault) ? Take(read, out script) : scriptFault;
    }

    private string? ReadScriptFile(string file, out IReadOnlyList<ScriptCommand> script)
    {
        script = [];
        try
        {
            var text = file == "-" ? _context.In.ReadToEnd() : File.ReadAllText(file);
            return ScriptParser.TryParse(text.Split('\n').Select(line => line.TrimEnd('\r')), out var read, out var fault)
                ? Take(read, out script)
                : $"{(file == "-" ? "standard input" : file)}, {fault}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"--script: {e.Message}";
        }
    }

    private static string? Take(IReadOnlyList<ScriptCommand> read, out IReadOnlyList<ScriptCommand> script)
    {
        script = read;
        return null;
    }
}
