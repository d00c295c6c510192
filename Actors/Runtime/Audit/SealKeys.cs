using System.Security.Cryptography;

namespace Mcptt.Actors.Audit;

/// <summary>A key file that cannot be used, with what is wrong and what to do.</summary>
public sealed class SealKeyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The key that seals are signed with. The operator keeps it; ops/docs/audit.md says how.</summary>
public sealed class SealKey : IDisposable
{
    private const string Encrypted = "BEGIN ENCRYPTED PRIVATE KEY";

    private readonly ECDsa _key;

    private SealKey(ECDsa key)
    {
        _key = key;
        Public = new SealPublicKey(ECDsa.Create(key.ExportParameters(includePrivateParameters: false)));
    }

    public SealPublicKey Public { get; }

    public string KeyId => Public.KeyId;

    public static SealKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>From PKCS#8 PEM. Throws <see cref="SealKeyException"/>.</summary>
    /// <param name="password">Needed where the key is encrypted, else not looked at.</param>
    public static SealKey Load(string path, string? password)
    {
        var key = ECDsa.Create();
        try
        {
            var pem = File.ReadAllText(path);
            if (!pem.Contains(Encrypted, StringComparison.Ordinal))
            {
                key.ImportFromPem(pem);
            }
            else if (password is null)
            {
                throw new SealKeyException($"{path}: the key is encrypted; name the file with its password (audit.sealKeyPasswordFile)");
            }
            else
            {
                key.ImportFromEncryptedPem(pem, password);
            }

            SealPublicKey.CheckCurve(key, path);
            _ = key.ExportParameters(includePrivateParameters: true);
            return new SealKey(key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new SealKeyException(
                failure is IOException or UnauthorizedAccessException
                    ? $"{path}: {failure.Message}"
                    : $"{path}: no private key of P-256 as PKCS#8 PEM can be read from it, or the password is wrong; make one with \"mcptt audit keygen\"",
                failure);
        }
    }

    /// <summary>PKCS#8 PEM, encrypted where there is a password.</summary>
    public string ToPem(string? password)
    {
        const int iterations = 600_000;
        return password is null
            ? _key.ExportPkcs8PrivateKeyPem()
            : _key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations));
    }

    /// <summary>Signs until s is not above half the order of the curve (two tries on average): of the two signatures that (r, s) and (r, n - s) are, only one is ever valid.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        byte[] signature;
        do
        {
            signature = _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        while (!SealPublicKey.HasLowS(signature));
        return signature;
    }

    public void Dispose()
    {
        _key.Dispose();
        Public.Dispose();
    }
}

/// <summary>The key that seals are checked with.</summary>
public sealed class SealPublicKey : IDisposable
{
    /// <summary>r and s.</summary>
    public const int SignatureOctets = 64;

    private const int KeyIdOctets = 16;
    private const int P256Bits = 256;

    // Half of the order of P-256 (SEC 2, 2.4.2), rounded down.
    private static readonly byte[] HalfOrder = Convert.FromHexString("7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8");

    private readonly ECDsa _key;

    internal SealPublicKey(ECDsa key)
    {
        _key = key;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, KeyIdOctets));
    }

    /// <summary>First 16 octets of SHA-256 over the SubjectPublicKeyInfo, in hex.</summary>
    public string KeyId { get; }

    /// <summary>From PEM. Throws <see cref="SealKeyException"/>.</summary>
    public static SealPublicKey Load(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            CheckCurve(key, path);
            return new SealPublicKey(key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new SealKeyException(
                failure is IOException or UnauthorizedAccessException
                    ? $"{path}: {failure.Message}"
                    : $"{path}: no public key of P-256 as PEM can be read from it; \"mcptt audit keygen --public\" writes one",
                failure);
        }
    }

    public string ToPem() => _key.ExportSubjectPublicKeyInfoPem();

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        HasLowS(signature) && _key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose() => _key.Dispose();

    internal static bool HasLowS(ReadOnlySpan<byte> signature) => signature.Length == SignatureOctets && signature[(SignatureOctets / 2)..].SequenceCompareTo(HalfOrder) <= 0;

    internal static void CheckCurve(ECDsa key, string path)
    {
        if (key.KeySize != P256Bits || key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new SealKeyException($"{path}: the key is not one of P-256; make one with \"mcptt audit keygen\"");
        }
    }
}
