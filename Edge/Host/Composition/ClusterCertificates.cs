using Mcptt.Actors.Cluster.Certificates;
using Mcptt.Host.Commands.Certs;
using Mcptt.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Mcptt.Host.Composition;

/// <summary>The certificates of the configuration, by which this node and the others know each other.</summary>
internal static class ClusterCertificates
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Null: none are configured. Throws <see cref="StartupException"/> when they cannot be used, or nobody would accept them.</summary>
    public static NodeCertificates? Load(ClusterSettings cluster, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<NodeCertificates>();
        if (!cluster.HasCertificates)
        {
            return null;
        }

        try
        {
            var certificates = new NodeCertificates(new NodeCertificateFiles(cluster.Certificate, cluster.CertificateKey, cluster.Authority), time, logger);
            var own = certificates.Own;
            if (certificates.Refuse(own) is { } why)
            {
                throw new StartupException($"no other node would accept this one: {why} (cluster.certificate, cluster.authority); make a new one with \"mcptt certs issue\"");
            }

            logger.LogInformation("Certificate {Subject}, valid until {Until}, {State}", own.Subject, CertificateText.Time(own.NotAfter), CertificateText.State(own, time.GetUtcNow()));
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(cluster.CertificateKey) & Others) != 0)
            {
                logger.LogWarning("{Path}: others than its owner may read or write this private key; chmod 600", cluster.CertificateKey);
            }

            return certificates;
        }
        catch (NodeCertificateException failure)
        {
            throw new StartupException($"{failure.Message} (cluster.certificate, cluster.certificateKey, cluster.authority)", failure);
        }
    }
}
