using System.Text.Json;
using Mcptt.Protocol.Sip;
using Mcptt.Testing;

namespace Mcptt.Protocol.Tests.Sip;

/// <summary>Every file of Tests/Corpus/sip has an expected outcome in manifest.json, after RFC 4475 where it names a clause of it.</summary>
[Clause("RFC4475 3")]
public class SipCorpusTests
{
    private static readonly Dictionary<string, Case> Cases = Load();

    public static TheoryData<string> Files => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Outcome_is_the_one_in_the_manifest(string file)
    {
        var expected = Cases[file];
        var accepted = SipParser.TryParse(Corpus.Read("sip", file), out var message, out var error);
        if (expected.Error is { } code)
        {
            Assert.False(accepted, expected.Note);
            Assert.Equal((code, expected.Answerable), (error.Code.ToString(), message is not null));
            return;
        }

        Assert.True(accepted, $"{expected.Note}: {error}");
        CheckValues(expected, message!);
    }

    [Fact]
    public void Every_file_is_in_the_manifest() => Assert.Equal(
        Directory.GetFiles(Corpus.Folder("sip"), "*.sip").Select(Path.GetFileName).Order(StringComparer.Ordinal),
        Cases.Keys.Order(StringComparer.Ordinal));

    private static void CheckValues(Case expected, SipMessage message)
    {
        var request = message as RequestMessage;
        Assert.Equal(expected.Method ?? request?.Method, request?.Method);
        Assert.Equal(expected.Uri ?? request?.RequestUriText, request?.RequestUriText);
        Assert.Equal(expected.Status, (message as ResponseMessage)?.StatusCode);
        Assert.Equal(expected.Cseq ?? message.CSeq.Number, message.CSeq.Number);
        Assert.Equal(expected.FromTag ?? message.From.Tag, message.From.Tag);
        Assert.Equal(expected.ToTag ?? message.To.Tag, message.To.Tag);
        Assert.Equal(expected.Vias ?? message.Vias.Count, message.Vias.Count);
        Assert.Equal(expected.Contacts ?? message.Contacts.Count, message.Contacts.Count);
        Assert.Equal(expected.Routes ?? message.Routes.Count, message.Routes.Count);
        Assert.Equal(expected.Body ?? message.Body.Length, message.Body.Length);
        if (expected.Parts is { } parts)
        {
            Assert.True(MultipartBody.TryReadParts(message, out var read));
            Assert.Equal(parts, read.Count);
        }
    }

    private static Dictionary<string, Case> Load() => JsonSerializer
        .Deserialize<List<Case>>(Corpus.Read("sip", "manifest.json"), JsonSerializerOptions.Web)!
        .ToDictionary(one => one.File);

    public sealed record Case(string File, string Note)
    {
        public string? Error { get; init; }

        public bool Answerable { get; init; }

        public string? Method { get; init; }

        public string? Uri { get; init; }

        public int? Status { get; init; }

        public uint? Cseq { get; init; }

        public string? FromTag { get; init; }

        public string? ToTag { get; init; }

        public int? Vias { get; init; }

        public int? Contacts { get; init; }

        public int? Routes { get; init; }

        public int? Body { get; init; }

        public int? Parts { get; init; }
    }
}
