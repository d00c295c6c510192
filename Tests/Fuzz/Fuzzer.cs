using System.Diagnostics;

namespace Mcptt.Fuzz;

public sealed record FuzzFailure(string Target, int Seed, long Iteration, byte[] Input, string Problem)
{
    public override string ToString() =>
        $"{Target}, seed {Seed}, input {Iteration}: {Problem}\n{Convert.ToBase64String(Input)}";
}

/// <summary>Runs a target over its seeds and then over mutations of them. The same seed makes the same inputs.</summary>
public static class Fuzzer
{
    public static IReadOnlyList<IFuzzTarget> Targets { get; } =
    [
        .. typeof(IFuzzTarget).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IFuzzTarget)))
            .Select(type => (IFuzzTarget)Activator.CreateInstance(type, nonPublic: true)!)
            .OrderBy(target => target.Name, StringComparer.Ordinal),
    ];

    public static FuzzFailure? Run(IFuzzTarget target, int seed, long inputs) => Run(target, seed, iteration => iteration >= inputs, out _);

    public static FuzzFailure? Run(IFuzzTarget target, int seed, TimeSpan time, out long inputs)
    {
        var watch = Stopwatch.StartNew();
        return Run(target, seed, _ => watch.Elapsed >= time, out inputs);
    }

    private static FuzzFailure? Run(IFuzzTarget target, int seed, Func<long, bool> isDone, out long iteration)
    {
        var seeds = target.Seeds().ToList();
        var mutator = new Mutator(new Random(seed), seeds);
        for (iteration = 0; iteration < seeds.Count || !isDone(iteration); iteration++)
        {
            var input = iteration < seeds.Count ? seeds[(int)iteration] : mutator.Next();
            if (Problem(target, input) is { } problem)
            {
                return new FuzzFailure(target.Name, seed, iteration, input, problem);
            }
        }

        return null;
    }

    private static string? Problem(IFuzzTarget target, byte[] input)
    {
        try
        {
            return target.Check(input);
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }
}
