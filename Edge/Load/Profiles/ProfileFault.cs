namespace Mcptt.Load.Profiles;

/// <summary>What is wrong with one field of a profile, and what to do about it.</summary>
public sealed record ProfileFault(string Field, string Problem, string Fix);
