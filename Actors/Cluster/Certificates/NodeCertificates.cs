using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Mcptt.Actors.Cluster.Certificates;

/// <summary>
/// Who is a node of this cluster: whoever shows a certificate of its own authority, and nobody else. The files are read again when they change, so that a
/// new certificate needs no restart: streams that stand go on, the next ones use it.
/// </summary>
public sealed class NodeCertificates
{
    /// <summary>How often the files are looked at, at most.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>The same refusal is logged once in this time: a node that is refused tries again every second.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private const int MaxTold = 1_000;

    private readonly NodeCertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _told = [];
    private LoadedCertificates _loaded;
    private long _lookedAt;

    /// <summary>Throws <see cref="NodeCertificateException"/> when the files cannot be used.</summary>
    public NodeCertificates(NodeCertificateFiles files, TimeProvider time, ILogger logger)
    {
        (_files, _time, _logger) = (files, time, logger);
        _loaded = LoadedCertificates.Read(files);
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Own => Current().Own;

    /// <summary>Null: it is one of ours. Else why not.</summary>
    public string? Refuse(X509Certificate? shown)
    {
        if (shown is not X509Certificate2 certificate)
        {
            return "it shows no certificate";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Current().Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate)
            ? null
            : $"its certificate {certificate.Subject} is not accepted: {string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')).Distinct())}";
    }

    /// <summary>Whether the other side is a node of ours; the log says when it is not.</summary>
    public bool IsOurs(X509Certificate? shown, string peer)
    {
        if (Refuse(shown) is not { } why)
        {
            return true;
        }

        if (IsNews($"{peer} {why}"))
        {
            _logger.LogWarning("{Peer} is refused: {Reason}", peer, why);
        }

        return false;
    }

    private bool IsNews(string what)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_told.TryGetValue(what, out var last) && _time.GetElapsedTime(last, now) < TellEvery)
            {
                return false;
            }

            if (_told.Count >= MaxTold)
            {
                _told.Clear();
            }

            _told[what] = now;
            return true;
        }
    }

    private LoadedCertificates Current()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_time.GetElapsedTime(_lookedAt, now) < LookEvery)
            {
                return _loaded;
            }

            _lookedAt = now;
            if (_files.Stamp() == _loaded.Stamp)
            {
                return _loaded;
            }

            try
            {
                _loaded = LoadedCertificates.Read(_files);
                _logger.LogInformation("New certificate {Subject}, valid until {Until:yyyy-MM-dd HH:mm}Z", _loaded.Own.Subject, _loaded.Own.NotAfter.ToUniversalTime());
            }
            catch (NodeCertificateException failure)
            {
                // They may be in the middle of being replaced: the former ones count until the new ones fit together.
                _logger.LogWarning("The changed certificate is not used yet: {Reason}", failure.Message);
            }

            return _loaded;
        }
    }

    private sealed record LoadedCertificates(X509Certificate2 Own, X509Certificate2 Authority, string Stamp)
    {
        public static LoadedCertificates Read(NodeCertificateFiles files)
        {
            var stamp = files.Stamp();
            try
            {
                var authority = X509CertificateLoader.LoadCertificateFromFile(files.Authority);
                var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
                return new LoadedCertificates(own, authority, stamp);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                throw new NodeCertificateException($"{files.Certificate}, {files.Key} and {files.Authority}: {failure.Message}", failure);
            }
        }
    }
}
