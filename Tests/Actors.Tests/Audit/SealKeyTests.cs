using System.Security.Cryptography;
using Mcptt.Actors.Audit;

namespace Mcptt.Actors.Tests.Audit;

public sealed class SealKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("correct horse")]
    public void A_key_comes_back_from_its_file_and_its_signatures_are_good(string? password)
    {
        using var key = SealKey.Create();
        using var again = SealKey.Load(Write("seal.key", key.ToPem(password)), password);
        using var known = SealPublicKey.Load(Write("seal.pem", key.Public.ToPem()));

        var signature = again.Sign([1, 2, 3]);

        Assert.Equal([key.KeyId, key.KeyId], (string[])[again.KeyId, known.KeyId]);
        Assert.Matches("^[0-9a-f]{32}$", key.KeyId);
        Assert.True(known.Verify([1, 2, 3], signature));
        Assert.False(known.Verify([1, 2, 4], signature));
        using var other = SealKey.Create();
        Assert.False(other.Public.Verify([1, 2, 3], signature));
    }

    [Fact]
    public void The_other_signature_that_anybody_can_make_from_one_is_refused()
    {
        // (r, n - s) is as good as (r, s) for ECDSA itself.
        using var key = SealKey.Create();
        var signature = key.Sign([7]);
        var order = new System.Numerics.BigInteger(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
        var s = new System.Numerics.BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var turned = (order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] forged = [.. signature[..32], .. new byte[32 - turned.Length], .. turned];

        using var plain = ECDsa.Create();
        plain.ImportFromPem(key.Public.ToPem());
        Assert.True(plain.VerifyData((byte[])[7], forged, HashAlgorithmName.SHA256));
        Assert.False(key.Public.Verify([7], forged));
    }

    [Fact]
    public void A_file_that_is_no_such_key_is_refused_with_what_to_do()
    {
        using var key = SealKey.Create();
        using var rsa = RSA.Create(2048);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Contains("encrypted", Refusal(() => SealKey.Load(Write("a", key.ToPem("secret")), null)));
        Assert.Contains("password is wrong", Refusal(() => SealKey.Load(Write("b", key.ToPem("secret")), "other")));
        Assert.Contains("keygen", Refusal(() => SealKey.Load(Write("c", key.Public.ToPem()), null)));
        Assert.Contains("keygen", Refusal(() => SealKey.Load(Write("d", rsa.ExportPkcs8PrivateKeyPem()), null)));
        Assert.Contains("P-256", Refusal(() => SealKey.Load(Write("e", larger.ExportPkcs8PrivateKeyPem()), null)));
        Assert.Contains("keygen", Refusal(() => SealKey.Load(Write("f", "hello"), null)));
        Assert.Contains("nowhere", Refusal(() => SealPublicKey.Load(_folder.File("nowhere"))));
        Assert.Contains("P-256", Refusal(() => SealPublicKey.Load(Write("g", larger.ExportSubjectPublicKeyInfoPem()))));
    }

    private static string Refusal(Action load) => Assert.Throws<SealKeyException>(load).Message;

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
