using System.Net;
using Mcptt.Host.Composition;

namespace Mcptt.Host.Configuration;

/// <summary>What must hold between keys.</summary>
internal static class ConfigurationRules
{
    // A session takes an even RTP port and one for the floor.
    private const int PortsPerSession = 2;

    public static IEnumerable<ConfigurationFault> Check(ServerOptions options, IReadOnlyDictionary<string, string> origins) =>
        ClusterRules.Problems(options, origins).Concat(Problems(options)).Select(problem => new ConfigurationFault(problem.Key, origins.GetValueOrDefault(problem.Key, "default"), problem.Problem, problem.Fix));

    private static IEnumerable<(string Key, string Problem, string Fix)> Problems(ServerOptions options)
    {
        // Ports of a role that the node has not are not opened.
        if (options.IsEdge && Repeated(options.Sip.Listeners.Where(listener => listener.EndPoint.Port != 0).Select(listener => listener.ToString())) is { } listener)
        {
            yield return ("sip.listeners", $"has {listener} twice", "keep one of them");
        }

        if (Repeated(options.Sip.Upstreams.Select(upstream => upstream.Name)) is { } upstream)
        {
            yield return ("sip.upstreams", $"has the name \"{upstream}\" twice", "name each differently");
        }

        if (options.Sip.T2 < options.Sip.T1)
        {
            yield return ("sip.t2Seconds", "is below sip.t1Seconds", "T2 limits what begins with T1: make it at least as long");
        }

        if (options.Sip.DefaultRegistration < options.Sip.MinRegistration || options.Sip.DefaultRegistration > options.Sip.MaxRegistration)
        {
            yield return ("sip.defaultRegistrationSeconds", "is not between sip.minRegistrationSeconds and sip.maxRegistrationSeconds", "make the three fit");
        }

        if (!IPAddress.IsLoopback(options.Api.Listener.Address) && !options.Api.HasTokens)
        {
            yield return ("api.listener", $"{options.Api.Listener} can be reached from elsewhere, and neither api.token nor api.tokens is set", "set one of them, or listen on 127.0.0.1");
        }

        if (Repeated(options.Api.Tokens.Select(token => token.Name)) is { } name)
        {
            yield return ("api.tokens", $"has the name \"{name}\" twice", "name each differently: the log says who it was");
        }

        if (Repeated(options.Api.Tokens.Select(token => token.Token).Append(options.Api.Token).Where(token => token.Length > 0)) is not null)
        {
            yield return ("api.tokens", "has the same token twice, or that of api.token", "give each its own");
        }

        if (options.Media.Pipeline == MediaSettings.AkkaStreams && !AkkaChoice.IsBuiltIn)
        {
            yield return ("media.pipeline", "\"akka-streams\" is not built into this program", "build it with \"dotnet build -p:WithAkka=true\" (ops/docs/akka.md), or choose \"direct\"");
        }

        foreach (var problem in options.HasMedia ? MediaPorts(options.Media) : [])
        {
            yield return problem;
        }
    }

    private static IEnumerable<(string Key, string Problem, string Fix)> MediaPorts(MediaSettings media)
    {
        if (media is { FirstPort: 0, LastPort: 0 })
        {
            yield break;
        }

        if (media.FirstPort % 2 != 0 || media.FirstPort == 0)
        {
            yield return ("media.firstPort", $"is {media.FirstPort}", "RTP takes even ports (RFC 3550 11): write an even number");
        }

        if (media.LastPort < media.FirstPort + PortsPerSession - 1)
        {
            yield return ("media.lastPort", $"is {media.LastPort}, which leaves no room for a call", $"write at least {media.FirstPort + PortsPerSession - 1}");
        }
    }

    private static string? Repeated(IEnumerable<string> names) => names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
}
