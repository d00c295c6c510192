using System.Net.Sockets;
using Mcptt.Actors;
using Mcptt.Actors.Cluster;
using Mcptt.Actors.Journals;
using Mcptt.Api;
using Mcptt.Edge;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Composition;

/// <summary>Starts each part, and says by the configuration's keys why one cannot start.</summary>
internal static class Startup
{
    public static async Task OfSipAsync(SipEdge sip, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await sip.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            throw Cannot("listen for SIP", failure, "sip.listeners", string.Join(", ", options.Sip.Listeners));
        }
    }

    public static async Task OfEngineAsync(IEngine engine, JournalLocation location, ServerOptions options, CancellationToken cancellationToken)
    {
        var keys = options.Engine == EngineNames.Local ? location.Keys : $"{location.Keys}, cluster.shards";
        try
        {
            await engine.StartAsync(cancellationToken);
        }
        catch (JournalOpenException failure)
        {
            throw new StartupException($"{failure.Message} ({keys})", failure);
        }
        catch (NodeNameTakenException failure)
        {
            throw new StartupException($"{failure.Message}\nnode.name is {options.NodeName}; stop that node, or give this one a name of its own (--node)", failure);
        }
        catch (JournalReadException failure)
        {
            throw new StartupException($"the journal cannot be read: {failure.Message} ({keys})", failure);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            throw options.Engine == EngineNames.Akka
                ? Cannot("join the Akka cluster", failure, "akka.host", $"{options.Akka.Host}, akka.port {options.Akka.Port}, akka.seedNodes {string.Join(", ", options.Akka.SeedNodes)}")
                : Cannot("listen for other nodes", failure, "cluster.listener", options.Cluster.Listener.ToString());
        }
    }

    public static async Task OfApiAsync(ApiServer api, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await api.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            throw Cannot("serve the API", failure, "api.listener", options.Api.Listener.ToString());
        }
    }

    private static StartupException Cannot(string what, Exception failure, string key, string value)
    {
        var socket = failure as SocketException ?? failure.InnerException as SocketException ?? failure.InnerException?.InnerException as SocketException;
        var fix = socket?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "another program has the port: stop it, or choose another one",
            SocketError.AddressNotAvailable => "this machine has no such address: choose one of its own, or 0.0.0.0",
            SocketError.AccessDenied => "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE): grant it, or choose a higher one",
            _ => "choose another address or port",
        };
        return new StartupException($"cannot {what}: {failure.Message}\n{key} is {value}; {fix}", failure);
    }
}
