using Mcptt.Actors.Akka.Sharding;
using Mcptt.Actors.Shards;
using Mcptt.Domain;
using Mcptt.Protocol.Messages;

namespace Mcptt.Actors.Akka.Tests.Sharding;

public sealed class ShardExtractorTests
{
    private const int Shards = 64;
    private const string CallId = "4f1d2c3b4a5968778695a4b3";

    private readonly ShardExtractor _extractor = new(Shards);

    [Fact]
    public void A_call_and_its_floor_are_in_one_shard_that_of_every_other_engine()
    {
        var shard = $"{ShardKey.ShardOf(CallId, Shards)}";

        Assert.Equal(shard, _extractor.ShardId(ActorAddresses.Call(CallId).PersistenceId()));
        Assert.Equal(shard, _extractor.ShardId(ActorAddresses.Floor(CallId).PersistenceId()));
    }

    [Fact]
    public void A_command_goes_to_the_entity_that_is_named_by_the_persistence_id()
    {
        var request = new NodeRequest { Command = new RoutedCommand { Command = new Command { To = ActorAddresses.Call(CallId) }, Shard = (uint)ShardKey.ShardOf(CallId, Shards) } };

        Assert.Equal("call-" + CallId, _extractor.EntityId(request));
        Assert.Same(request, _extractor.EntityMessage(request));
        Assert.Equal(_extractor.ShardId("call-" + CallId), _extractor.ShardId("call-" + CallId, request));
    }

    [Fact]
    public void A_question_for_a_shard_goes_to_its_keeper()
    {
        var keeper = _extractor.EntityId(new NodeRequest { Shard = new ShardQuery { Shard = 17 } });

        Assert.True(ShardExtractor.IsKeeper(keeper!, out var shard)); // A question has a receiver.
        Assert.Equal((17, "17"), (shard, _extractor.ShardId(keeper!)));
        Assert.False(ShardExtractor.IsKeeper("call-17", out _));
    }

    [Fact]
    public void What_is_not_for_an_actor_is_nobodys()
    {
        Assert.Null(_extractor.EntityId(new NodeRequest { Sip = new SipEffect() }));
        Assert.Null(_extractor.EntityId("text"));
    }
}
