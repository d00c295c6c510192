using System.Globalization;
using Mcptt.Fuzz;

// dotnet run --project Tests/Fuzz -- <target>|all [--seconds N] [--seed N]     an input that fails is written into the current folder
// dotnet run --project Tests/Fuzz -- <target> --input FILE                     runs one input again
const int UsageError = 2;
var name = args.FirstOrDefault() ?? "";
var targets = Fuzzer.Targets.Where(target => name == "all" || target.Name == name).ToList();
if (targets.Count == 0)
{
    Console.Error.WriteLine($"Name a target: all, {string.Join(", ", Fuzzer.Targets.Select(target => target.Name))}");
    return UsageError;
}

if (Option("--input") is { } file)
{
    var problem = targets[0].Check(File.ReadAllBytes(file));
    Console.WriteLine(problem ?? "ok");
    return problem is null ? 0 : 1;
}

var seconds = double.Parse(Option("--seconds") ?? "60", CultureInfo.InvariantCulture);
var seed = int.Parse(Option("--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
var failed = false;
foreach (var target in targets)
{
    var failure = Fuzzer.Run(target, seed, TimeSpan.FromSeconds(seconds / targets.Count), out var inputs);
    Console.WriteLine(failure is null ? $"{target.Name}: {inputs} inputs, seed {seed}: ok" : failure.ToString());
    if (failure is not null)
    {
        failed = true;
        File.WriteAllBytes($"fuzz-{failure.Target}-{failure.Seed}-{failure.Iteration}.bin", failure.Input);
    }
}

return failed ? 1 : 0;

string? Option(string option) => args.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault();
