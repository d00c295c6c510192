using System.Security.Cryptography.X509Certificates;

namespace Mcptt.Actors.Cluster.Streams;

/// <summary>Who is a node of this cluster: whoever shows a certificate of its own authority, and nobody else's.</summary>
public sealed class NodeCertificates(X509Certificate2 own, X509Certificate2 authority)
{
    public X509Certificate2 Own => own;

    public bool IsOurs(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
