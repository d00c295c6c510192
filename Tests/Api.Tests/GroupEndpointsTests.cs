using System.Text.Json;
using Mcptt.Protocol.Messages;

namespace Mcptt.Api.Tests;

public sealed class GroupEndpointsTests
{
    private const string Brigade = "sip:brigade@example.org";

    private const string Document = """
        {
          "displayName": "Brigade",
          "sessionType": "prearranged",
          "hangTimerSeconds": 12.5,
          "queueDepth": 8,
          "recorded": true,
          "temporary": true,
          "emergencyTimeLimitSeconds": 600,
          "acknowledgeFloor": true,
          "codecs": ["AMR-WB", "PCMU"],
          "members": [
            { "mcpttId": "sip:alice@Example.org", "userPriority": 200, "required": true, "mayStartEmergency": true, "mayCancelEmergency": true,
              "mayStartImminentPeril": true, "mayCancelImminentPeril": true, "mayCancelQueued": true, "mayRevokeFloor": true },
            { "mcpttId": "sip:bob@example.org", "receiveOnly": true, "implicitAffiliation": true }
          ]
        }
        """;

    [Fact]
    public async Task A_document_that_was_put_is_read_back_the_same()
    {
        await using var api = await ApiFixture.StartAsync();

        var put = await api.PutAsync(Address(Brigade), Document);
        var get = await api.GetAsync(Address(Brigade));

        Assert.Equal(200, put.Status);
        Assert.Equal(200, get.Status);
        Assert.Equal(put.Body.GetRawText(), get.Body.GetRawText());
        Assert.Equal(12.5m, get.Body.GetProperty("hangTimerSeconds").GetDecimal());
        Assert.Equal("sip:alice@example.org", get.Body.GetProperty("members")[0].GetProperty("mcpttId").GetString());
        Assert.Equal(200, (await api.PutAsync(Address(Brigade), get.Body.GetRawText())).Status);
    }

    [Fact]
    public async Task The_command_carries_every_value_of_the_document()
    {
        await using var api = await ApiFixture.StartAsync();

        await api.PutAsync(Address("sip:brigade@EXAMPLE.org"), Document);

        var command = Assert.Single(api.Server.Commands);
        Assert.Equal(Brigade, command.To.Id);
        Assert.Equal("operator", command.OnBehalfOf);
        var document = command.Group.PutGroup.Document;
        Assert.Equal(Brigade, document.GroupId);
        Assert.Equal(12_500u, document.HangTimerMs);
        Assert.True(document.Recorded);
        Assert.Equal(SessionType.Prearranged, document.SessionType);
        Assert.Equal(["AMR-WB", "PCMU"], document.Codecs);
        Assert.Equal((200u, true, false), (document.Members[0].UserPriority, document.Members[0].Required, document.Members[0].ReceiveOnly));
        Assert.True(document.Members[1] is { ReceiveOnly: true, ImplicitAffiliation: true, Rights: null });
        Assert.Equal((true, 600_000u, true), (document.Temporary, document.EmergencyTimeLimitMs, document.AcknowledgeFloor));
        Assert.Equal(
            new CallRights { StartEmergency = true, CancelEmergency = true, StartImminentPeril = true, CancelImminentPeril = true, CancelQueued = true, RevokeFloor = true },
            document.Members[0].Rights);
    }

    [Fact]
    public async Task Every_fault_is_named_with_its_line_and_a_fix()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, body) = await api.PutAsync(
            Address(Brigade),
            """
            {
              "hangTimerSecond": 5,
              "queueDepth": "eight",
              "members": [
                { "userPriority": 3 }
              ]
            }
            """
        );

        Assert.Equal(400, status);
        Assert.Equal("urn:mcptt:problem:invalid-document", body.GetProperty("type").GetString());
        var faults = body.GetProperty("faults").EnumerateArray().ToList();
        Assert.Equal(["hangTimerSecond", "queueDepth", "members[0].mcpttId"], faults.Select(fault => fault.GetProperty("field").GetString()));
        Assert.Equal([2, 3, 5], faults.Select(fault => fault.GetProperty("line").GetInt32()));
        Assert.Equal("did you mean \"hangTimerSeconds\"?", faults[0].GetProperty("fix").GetString());
        Assert.Empty(api.Server.Commands);
    }

    [Theory]
    [InlineData("""{ "sessionType": "prearanged" }""", "sessionType", "did you mean \"prearranged\"?")]
    [InlineData("""{ "groupId": "sip:other@example.org" }""", "groupId", "make them equal or leave this one out")]
    [InlineData("""{ "hangTimerSeconds": -1 }""", "hangTimerSeconds", "write seconds from 0 to 86400")]
    [InlineData("""{ "queueDepth": 254 }""", "queueDepth", "at most 253 is possible")]
    [InlineData("""{ "members": [ { "mcpttId": "alice" } ] }""", "members[0].mcpttId", "write a SIP URI without port or parameters")]
    [InlineData("""{ "members": [ { "mcpttId": "sip:a@b.c", "userPriority": 256 } ] }""", "members[0].userPriority", "at most 255 is possible")]
    [InlineData("""{ "members": [ { "mcpttId": "sip:a@b.c" }, { "mcpttId": "sip:a@B.c" } ] }""", "members[1].mcpttId", "keep one of the entries")]
    [InlineData("""{ "codecs": ["PCMU/8000"] }""", "codecs[0]", "write one as in SDP")]
    public async Task A_value_that_cannot_be_is_named(string document, string field, string fix)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, body) = await api.PutAsync(Address(Brigade), document);

        Assert.Equal(400, status);
        var fault = Assert.Single(body.GetProperty("faults").EnumerateArray());
        Assert.Equal(field, fault.GetProperty("field").GetString());
        Assert.StartsWith(fix, fault.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"members\": [ }", 400)]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    [InlineData("{} {}", 400)]
    public async Task What_is_no_object_of_json_is_refused(string body, int expected)
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(expected, (await api.PutAsync(Address(Brigade), body)).Status);
        Assert.Empty(api.Server.Commands);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(415, (await api.SendAsync(HttpMethod.Put, Address(Brigade), "{}", "text/plain")).Status);
    }

    [Fact]
    public async Task A_document_beyond_the_limit_is_refused()
    {
        await using var api = await ApiFixture.StartAsync(new ApiOptions { MaxRequestBytes = 1000 });

        Assert.Equal(413, (await api.PutAsync(Address(Brigade), "{ \"displayName\": \"" + new string('x', 2000) + "\" }")).Status);
    }

    [Fact]
    public async Task An_unknown_group_is_404()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, body) = await api.GetAsync(Address(Brigade));

        Assert.Equal(404, status);
        Assert.Equal("urn:mcptt:problem:group-unknown", body.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_removed_group_is_gone()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address(Brigade), Document);

        Assert.Equal(204, (await api.SendAsync(HttpMethod.Delete, Address(Brigade), null)).Status);
        Assert.Equal(404, (await api.GetAsync(Address(Brigade))).Status);
        Assert.Equal(404, (await api.SendAsync(HttpMethod.Delete, Address(Brigade), null)).Status);
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_passes_over_what_is_gone()
    {
        await using var api = await ApiFixture.StartAsync();
        string[] all = [.. Enumerable.Range(0, 7).Select(number => $"sip:g{number}@example.org")];
        foreach (var id in all)
        {
            await api.PutAsync(Address(id), "{}");
        }

        var seen = new List<string?>();
        var after = "";
        do
        {
            var (status, page) = await api.GetAsync($"/v1/groups?limit=3&after={ApiFixture.Escape(after)}");
            Assert.Equal(200, status);
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 3);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("groupId").GetString()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public async Task A_page_of_impossible_size_is_refused(string limit)
    {
        await using var api = await ApiFixture.StartAsync();

        Assert.Equal(400, (await api.GetAsync($"/v1/groups?limit={limit}")).Status);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_is_503()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Server.CatalogFails = true;

        Assert.Equal(503, (await api.GetAsync("/v1/groups")).Status);
    }

    [Fact]
    public async Task An_unavailable_journal_is_503_with_retry_after()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Server.Always = new Reply { Unavailable = new Unavailable { Reason = UnavailableReason.Journal, RetryAfterS = 7, Detail = "disk full" } };

        using var response = await api.Http.DeleteAsync(new Uri(Address(Brigade), UriKind.Relative));

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        Assert.Contains("disk full", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_request_with_the_same_key_is_the_same_command()
    {
        await using var api = await ApiFixture.StartAsync();
        api.Http.DefaultRequestHeaders.Add("Idempotency-Key", "order-1");

        await api.PutAsync(Address(Brigade), "{}");
        await api.PutAsync(Address(Brigade), "{}");
        api.Http.DefaultRequestHeaders.Clear();
        await api.PutAsync(Address(Brigade), "{}");

        var ids = api.Server.Commands.Select(command => command.CommandId).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task The_state_tells_the_call_under_way()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PutAsync(Address(Brigade), Document);

        var (_, body) = await api.GetAsync(Address(Brigade) + "/state");

        Assert.Equal("0123456789abcdef01234567", body.GetProperty("call").GetString());
        Assert.Equal(JsonValueKind.Array, body.GetProperty("affiliated").ValueKind);
    }

    private static string Address(string id) => ApiFixture.Groups + ApiFixture.Escape(id);
}
