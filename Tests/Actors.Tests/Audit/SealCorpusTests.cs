using System.Security.Cryptography;
using Google.Protobuf;
using Mcptt.Actors.Audit;
using Mcptt.Actors.Journals;
using Mcptt.Protocol.Messages;
using Mcptt.Testing;

namespace Mcptt.Actors.Tests.Audit;

/// <summary>A seal as it was once written, under Tests/Corpus/events/seal: what was proven then must be provable for ever.</summary>
public sealed class SealCorpusTests
{
    private const string SealFile = "seal.bin";
    private const string KeyFile = "seal.pem";

    private static string Folder => Path.Combine(Corpus.Folder("events"), "seal");

    private static readonly byte[] PreviousSha256 = SHA256.HashData("the seal before it"u8);

    [Fact]
    public void A_seal_of_the_past_still_proves_its_rows()
    {
        WriteMissing();
        using var file = File.OpenRead(Path.Combine(Folder, SealFile));
        var happened = DomainEvent.Parser.ParseDelimitedFrom(file);
        using var key = SealPublicKey.Load(Path.Combine(Folder, KeyFile));

        var today = Fill(new SealedRows(Window().Close()).ToSeal(), happened.Seal.KeyId);
        today.Signature = happened.Seal.Signature;

        Assert.Equal(happened.Seal, today);
        // By another program, written from ops/adr/0008 alone.
        Assert.Equal("787813167d8bfc7dd8057c98feb039a892549f5d39108dc2d332130bb24cdadb", Convert.ToHexStringLower(today.MerkleRoot.Span));
        Assert.True(key.Verify(SealRecord.SignedOctets(happened.Seal, PreviousSha256), happened.Seal.Signature.Span));
        Assert.Equal(happened, JsonParser.Default.Parse<DomainEvent>(JsonFormatter.Default.Format(happened)));
    }

    private static SealWindow Window()
    {
        var window = new SealWindow();
        (string Id, long Number, string Message)[] rows =
            [("ue-sip:zoë@example.org", 7, "a"), ("call-00", 1, "b"), ("call-00", 2, "c"), ("ue-sip:zoë@example.org", 8, ""), ("seal-1", 3, "e")];
        for (var i = 0; i < rows.Length; i++)
        {
            var message = System.Text.Encoding.UTF8.GetBytes(rows[i].Message);
            var stored = new StoredEvent(101 + i, rows[i].Id, rows[i].Number, DateTimeOffset.UnixEpoch.AddSeconds(i), message, JournalFormat.EventManifest, "0123456789abcdef");
            Assert.True(window.TryAdd(stored, SHA256.HashData(message)));
        }

        return window;
    }

    private static SealEvent Fill(SealEvent seal, string keyId)
    {
        seal.Number = 4;
        seal.AfterOrdering = 100;
        seal.ToOrdering = 105;
        seal.Algorithm = SealAlgorithm.EcdsaP256Sha256;
        seal.KeyId = keyId;
        seal.TimeUs = 1_700_000_000_000_000;
        seal.WriterUuid = "0123456789abcdef";
        return seal;
    }

    // Never changes what is there. The private key is forgotten at once.
    private static void WriteMissing()
    {
        if (Environment.GetEnvironmentVariable("MCPTT_WRITE_CORPUS") != "1" || File.Exists(Path.Combine(Folder, SealFile)))
        {
            return;
        }

        Directory.CreateDirectory(Folder);
        using var key = SealKey.Create();
        var seal = Fill(new SealedRows(Window().Close()).ToSeal(), key.KeyId);
        seal.Signature = ByteString.CopyFrom(key.Sign(SealRecord.SignedOctets(seal, PreviousSha256)));
        using var file = File.Create(Path.Combine(Folder, SealFile));
        new DomainEvent { TimeUs = seal.TimeUs, Seal = seal }.WriteDelimitedTo(file);
        File.WriteAllText(Path.Combine(Folder, KeyFile), key.Public.ToPem());
    }
}
