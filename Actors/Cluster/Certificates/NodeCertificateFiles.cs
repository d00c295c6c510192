namespace Mcptt.Actors.Cluster.Certificates;

/// <summary>Files in PEM.</summary>
/// <param name="Certificate">Of this node.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">Certificate of the authority that all nodes have theirs from.</param>
public sealed record NodeCertificateFiles(string Certificate, string Key, string Authority)
{
    /// <summary>Changes with the files.</summary>
    internal string Stamp() => string.Join(' ', ((string[])[Certificate, Key, Authority]).Select(path => $"{File.GetLastWriteTimeUtc(path).Ticks} {(File.Exists(path) ? new FileInfo(path).Length : 0)}"));
}

/// <summary>Certificate files that cannot be used, with what is wrong.</summary>
public sealed class NodeCertificateException(string message, Exception? inner = null) : Exception(message, inner);
