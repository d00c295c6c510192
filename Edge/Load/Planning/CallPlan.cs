namespace Mcptt.Load.Planning;

/// <summary>One call as it shall be. Members are places in the group from 0; times count from the call's establishment.</summary>
/// <param name="Bursts">The first one begins as soon as a listener has joined.</param>
/// <param name="LateEntryAt">When the group's last member enters; null: not at all.</param>
internal sealed record CallPlan(int Caller, TimeSpan Length, bool Emergency, IReadOnlyList<BurstPlan> Bursts, TimeSpan? LateEntryAt);

/// <param name="Contenders">Press at the same moment as the talker.</param>
internal sealed record BurstPlan(TimeSpan At, TimeSpan Length, int Talker, IReadOnlyList<int> Contenders);
