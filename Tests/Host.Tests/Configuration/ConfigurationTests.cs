using System.Net;
using System.Text;
using Mcptt.Host.Composition;
using Mcptt.Host.Configuration;

namespace Mcptt.Host.Tests.Configuration;

public sealed class ConfigurationTests
{
    private static readonly IReadOnlyDictionary<string, string> NoEnvironment = new Dictionary<string, string>();

    [Fact]
    public void Without_anything_set_the_defaults_are_valid()
    {
        var loaded = Load("{}");

        Assert.Empty(loaded.Faults);
        Assert.Equal("./mcptt-data/journal.db", loaded.Options.JournalPath);
        Assert.Equal(["udp:0.0.0.0:5060", "tcp:0.0.0.0:5060"], loaded.Options.Sip.Listeners.Select(listener => listener.ToString()));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7060), loaded.Options.Api.Listener);
    }

    [Fact]
    public void A_flag_beats_the_environment_and_that_beats_the_file()
    {
        var environment = new Dictionary<string, string> { ["MCPTT_SIP_REALM"] = "from-environment", ["MCPTT_NODE_NAME"] = "from-environment" };

        var loaded = Load("""{ "sip": { "realm": "from-file" }, "node": { "name": "from-file" }, "log": { "level": "debug" } }""", environment, new FlagSetting("node.name", "from-flag", "--set"));

        Assert.Empty(loaded.Faults);
        Assert.Equal(("from-flag", "from-environment", "debug"), (loaded.Options.NodeName, loaded.Options.Sip.Realm, loaded.Options.LogLevel));
        Assert.Equal("flag --set", loaded.Origins["node.name"]);
        Assert.Equal("environment MCPTT_SIP_REALM", loaded.Origins["sip.realm"]);
        Assert.Equal("mcptt.json, line 1", loaded.Origins["log.level"]);
    }

    [Fact]
    public void Keys_may_be_nested_or_dotted_and_the_file_may_hold_comments()
    {
        var loaded = Load(
            """
            {
              // the lab
              "sip.open": true,
              "sip": { "t1Seconds": 0.25, },
              "api": { "listener": "localhost:0" } /* a free one */
            }
            """
        );

        Assert.Empty(loaded.Faults);
        Assert.True(loaded.Options.Sip.Open);
        Assert.Equal(TimeSpan.FromMilliseconds(250), loaded.Options.Sip.T1);
        Assert.Equal("127.0.0.1:0", loaded.Options.Api.Listener.ToString());
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_key_place_value_and_fix()
    {
        var loaded = Load(
            """
            {
              "sip": {
                "relm": "x",
                "listeners": ["upd:0.0.0.0:5060"]
              },
              "media": { "firstPort": "twenty" }
            }
            """,
            new Dictionary<string, string> { ["MCPTT_LOG_LEVEL"] = "debgu" },
            new FlagSetting("sip.opne", "true", "--set")
        );

        Assert.Equal(
            [
                "sip.relm (mcptt.json, line 3): is no key; did you mean \"sip.realm\"?",
                "sip.opne (flag --set): is no key; did you mean \"sip.open\"?",
                "sip.listeners (mcptt.json, line 4): \"upd:0.0.0.0:5060\" does not fit; write udp:ADDRESS:PORT or tcp:ADDRESS:PORT, for instance \"udp:0.0.0.0:5060\"",
                "media.firstPort (mcptt.json, line 6): \"twenty\" is not possible; write a whole number from 0 to 65534",
                "log.level (environment MCPTT_LOG_LEVEL): \"debgu\" is not possible; did you mean \"debug\"?",
            ],
            loaded.Faults.Select(fault => fault.ToString()).Order(StringComparer.Ordinal).OrderBy(Rank)
        );

        static int Rank(string fault) => Array.FindIndex(["sip.relm", "sip.opne", "sip.list", "media", "log"], start => fault.StartsWith(start, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("node.name", "a b")]
    [InlineData("node.roles", "edge")]
    [InlineData("engine.kind", "zookeeper")]
    [InlineData("cluster.listener", "7070")]
    [InlineData("cluster.advertisedAddress", "a:7070")]
    [InlineData("akka.seedNodes", "[\"one.example.org\"]")]
    [InlineData("akka.host", "a:7071")]
    [InlineData("cluster.shards", "0")]
    [InlineData("cluster.site", "a b")]
    [InlineData("cluster.leaseSeconds", "0.1")]
    [InlineData("node.roles", "edge,actors,media,cook")]
    [InlineData("data.folder", "")]
    [InlineData("log.format", "xml")]
    [InlineData("sip.listeners", "")]
    [InlineData("sip.listeners", "udp:0.0.0.0")]
    [InlineData("sip.listeners", "udp:0.0.0.0:65536")]
    [InlineData("sip.listeners", "udp:0.0.0.0:+5")]
    [InlineData("sip.listeners", "udp:::5060")]
    [InlineData("sip.listeners", "udp:0.0.0.0:5060,udp:0.0.0.0:5060")]
    [InlineData("sip.advertisedAddress", "a:5060")]
    [InlineData("sip.realm", "a\"b")]
    [InlineData("sip.digestAlgorithms", "SHA-1")]
    [InlineData("sip.upstreams", "[{ \"name\": \"ims\" }]")]
    [InlineData("sip.upstreams", "[{ \"name\": \"ims\", \"addresses\": [\"ims\"] }]")]
    [InlineData("sip.upstreams", "[{ \"name\": \"a\", \"addresses\": [\"10.0.0.1\"] }, { \"name\": \"a\", \"addresses\": [\"10.0.0.2\"] }]")]
    [InlineData("sip.t1Seconds", "0")]
    [InlineData("sip.t2Seconds", "0.2")]
    [InlineData("sip.defaultRegistrationSeconds", "10")]
    [InlineData("sip.defaultRegistrationSeconds", "100000")]
    [InlineData("floor.t1Seconds", "7")]
    [InlineData("floor.release", "12")]
    [InlineData("media.address", "0.0.0.0")]
    [InlineData("media.firstPort", "20001")]
    [InlineData("media.lastPort", "20000")]
    [InlineData("api.listener", "0.0.0.0:7060")]
    [InlineData("api.token", "short")]
    [InlineData("limits.drainSeconds", "-1")]
    public void A_value_that_cannot_be_is_named_by_its_key(string key, string value)
    {
        var loaded = Load("{}", NoEnvironment, new FlagSetting(key, value, "--set"));

        var fault = Assert.Single(loaded.Faults);
        Assert.Equal(key, fault.Key);
        Assert.Equal("flag --set", fault.Origin);
        Assert.NotEmpty(fault.Problem);
        Assert.NotEmpty(fault.Fix);
    }

    [Fact]
    public void The_local_engine_does_everything_on_one_node_and_says_what_else_there_is()
    {
        var fault = Assert.Single(Load("{}", NoEnvironment, new FlagSetting("node.roles", "edge", "--set")).Faults);

        Assert.Equal("lacks actors, media", fault.Problem);
        Assert.Contains("engine.kind", fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_of_a_cluster_need_a_journal_in_common_a_name_each_and_an_address_that_others_can_be_told()
    {
        var loaded = Load("""{ "engine": { "kind": "postgresql" }, "cluster": { "listener": "0.0.0.0:7070" } }""");

        Assert.Equal(["engine.kind", "node.name", "cluster.listener", "cluster.listener"], loaded.Faults.Select(fault => fault.Key));
        Assert.Contains("data.journal", loaded.Faults[0].Fix, StringComparison.Ordinal);
        Assert.Contains("cluster.certificate", loaded.Faults[2].Fix, StringComparison.Ordinal);
        Assert.Contains("cluster.advertisedAddress", loaded.Faults[3].Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster.certificate=n1.crt", "cluster.certificate")]
    [InlineData("cluster.certificate=n1.crt cluster.certificateKey=n1.key cluster.authority=ca.crt", "")]
    [InlineData("cluster.insecure=true", "")]
    [InlineData("cluster.site=west", "cluster.listener")]
    public void A_node_that_others_can_reach_from_elsewhere_has_certificates_unless_the_operator_says_otherwise(string settings, string fault)
    {
        string[] node = ["engine.kind=postgresql", "node.name=n1", "data.journal=postgres://mcptt@db1/mcptt", "cluster.listener=10.0.0.1:7070", .. settings.Split(' ')];

        var loaded = Load("{}", NoEnvironment, [.. node.Select(setting => new FlagSetting(setting.Split('=', 2)[0], setting.Split('=', 2)[1], "--set"))]);

        Assert.Equal(fault.Length > 0 ? [fault] : [], loaded.Faults.Select(found => found.Key));
    }

    [Fact]
    public void A_node_of_a_cluster_may_do_a_part_only()
    {
        var loaded = Load("""{ "engine": { "kind": "postgresql" }, "node": { "name": "media1", "roles": ["media"] }, "data": { "journal": "postgres://mcptt@db1,db2/mcptt" } }""");

        Assert.Empty(loaded.Faults);
        Assert.Equal(["media"], loaded.Options.Roles);
    }

    [Fact]
    public void The_akka_engine_says_how_it_is_built_in_where_it_is_not()
    {
        var loaded = Load("""
            { "engine": { "kind": "akka" }, "node": { "name": "one" }, "data": { "journal": "postgres://mcptt@db1/mcptt" }, "akka": { "host": "one.example.org", "seedNodes": ["one.example.org:7071"] } }
            """);

        Assert.Equal(AkkaChoice.IsBuiltIn ? [] : ["engine.kind"], loaded.Faults.Select(fault => fault.Key));
        Assert.All(loaded.Faults, fault => Assert.Contains("dotnet build -p:WithAkka=true", fault.Fix, StringComparison.Ordinal));
        Assert.Equal(["one.example.org:7071"], loaded.Options.Akka.SeedNodes);
    }

    [Fact]
    public void A_node_of_an_akka_cluster_must_be_told_how_it_finds_the_others()
    {
        var loaded = Load("""{ "engine": { "kind": "akka" }, "node": { "name": "one" }, "data": { "journal": "postgres://mcptt@db1/mcptt" } }""");

        Assert.Contains("akka.seedNodes", loaded.Faults.Select(fault => fault.Key));
    }

    [Fact]
    public void A_secret_is_not_repeated_in_a_fault()
    {
        var loaded = Load("{}", NoEnvironment, new FlagSetting("api.token", "s3cret", "--set"));

        Assert.DoesNotContain("s3cret", Assert.Single(loaded.Faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MCPTT_SIP_RELM", "did you mean MCPTT_SIP_REALM?")]
    [InlineData("MCPTT_WHATEVER_IT_IS", "unset it; \"mcptt config show\" lists the keys")]
    public void An_unknown_variable_is_a_fault(string name, string fix)
    {
        var loaded = Load("{}", new Dictionary<string, string> { [name] = "x" });

        Assert.Equal((name, fix), (Assert.Single(loaded.Faults).Key, loaded.Faults[0].Fix));
    }

    [Theory]
    [InlineData("MCPTT_SERVICE_HOST")]
    [InlineData("MCPTT_PORT_5060_UDP_ADDR")]
    [InlineData("MCPTT_EDGE_SERVICE_PORT_SIP")]
    [InlineData("MCPTT_TEST_SEED")]
    [InlineData("MCPTT_API")]
    [InlineData("PATH")]
    public void Variables_of_others_are_left_alone(string name) => Assert.Empty(Load("{}", new Dictionary<string, string> { [name] = "x" }).Faults);

    [Theory]
    [InlineData("{ \"sip\": { ", 1)]
    [InlineData("[]", 1)]
    [InlineData("{\n\"sip\" \"open\" }", 2)]
    [InlineData("{} {}", 1)]
    public void A_file_that_is_no_json_object_is_named_with_its_line(string text, int line)
    {
        var fault = Assert.Single(Load(text).Faults);

        Assert.Equal("mcptt.json", fault.Key);
        Assert.Equal($"line {line}", fault.Origin);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_fault()
    {
        var loaded = ConfigurationLoader.Load("no-such-file.json", NoEnvironment, []);

        Assert.Contains("no-such-file.json", Assert.Single(loaded.Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_twice_in_the_file_is_a_fault()
    {
        var loaded = Load("{ \"sip.open\": true,\n \"sip\": { \"open\": false } }");

        Assert.Equal("sip.open (mcptt.json, line 2): is set twice in the file; keep one of them", Assert.Single(loaded.Faults).ToString());
    }

    [Fact]
    public void An_api_beyond_loopback_is_possible_with_a_token()
    {
        var loaded = Load("""{ "api": { "listener": "0.0.0.0:7060", "token": "0123456789abcdef" } }""");

        Assert.Empty(loaded.Faults);
    }

    [Fact]
    public void Every_value_is_written_as_it_is_read()
    {
        var options = new ServerOptions();

        foreach (var key in ConfigurationKeys.All)
        {
            using var written = System.Text.Json.JsonDocument.Parse(key.Show(options)?.ToJsonString() ?? "null");
            var changed = options;
            Assert.True(key.Apply(written.RootElement, ref changed) is null, key.Name);
            Assert.Equal(key.Show(options)?.ToJsonString(), key.Show(changed)?.ToJsonString());
        }
    }

    [Fact]
    public void Names_of_keys_and_variables_are_unique()
    {
        Assert.Equal(ConfigurationKeys.All.Count, ConfigurationKeys.All.Select(key => key.Name).Distinct().Count());
        Assert.Equal(ConfigurationKeys.All.Count, ConfigurationKeys.All.Select(key => key.EnvironmentName).Distinct().Count());
        Assert.Contains("MCPTT_SIP_ADVERTISED_ADDRESS", ConfigurationKeys.All.Select(key => key.EnvironmentName));
    }

    private static LoadedConfiguration Load(string file, IReadOnlyDictionary<string, string>? environment = null, params FlagSetting[] flags) =>
        ConfigurationLoader.Combine(ConfigurationFile.Parse("mcptt.json", Encoding.UTF8.GetBytes(file)), environment ?? NoEnvironment, flags);
}
