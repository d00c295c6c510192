using System.Diagnostics;
using Mcptt.Benchmarks.Calls;
using Mcptt.Domain;
using Mcptt.Domain.Ports;
using Mcptt.Protocol.Messages;
using Mcptt.Testing.Postgres;

namespace Mcptt.Benchmarks.Engine;

/// <param name="OthersMicroseconds">Of processor time per command, of the caller and the nodes.</param>
/// <param name="DatabaseMicroseconds">The same of PostgreSQL.</param>
internal sealed record Throughput(double PerSecond, double OthersMicroseconds, double DatabaseMicroseconds)
{
    public double PerProcessorSecond => 1e6 / (OthersMicroseconds + DatabaseMicroseconds);
}

internal sealed record EngineFigures(string Name, Latencies Echo, Throughput EchoMost, Latencies Journaled, Throughput JournaledMost);

/// <summary>Commands that are answered from memory ("echo") and commands that store an event, at a fixed rate and as many as go.</summary>
internal static class EngineLoad
{
    public const int Actors = 3_200;
    private const int Rate = 1_000;
    private const int InFlight = 512;
    public const int Rounds = 2;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    public static async Task<EngineFigures> MeasureAsync(EngineSetup setup, PostgresServer server)
    {
        await FloodAsync(setup.Sink, Tick, WarmUp);
        await FloodAsync(setup.Sink, Echo, WarmUp);
        var figures = new EngineFigures(
            setup.Name, await PacedAsync(setup.Sink, Echo), await MostAsync(setup, server, Echo), await PacedAsync(setup.Sink, Tick), await MostAsync(setup, server, Tick));
        Console.Error.WriteLine($"{setup.Name}: echo {figures.Echo}");
        return figures;
    }

    public static Command Tick(int actor, long number) =>
        new() { CommandId = $"{actor}/{number}", To = To(actor), Ue = new UeCommand { PublishAffiliation = new PublishAffiliation { ClientId = "a1b2c3d4" } } };

    private static Command Echo(int actor, long number) => new() { CommandId = "echo", To = To(actor), Ue = new UeCommand { GetUe = new GetUe() } };

    public static string UserOf(int actor) => $"sip:user{actor}@example.org";

    private static ActorAddress To(int actor) => ActorAddresses.Ue(UserOf(actor));

    private static async Task<Latencies> PacedAsync(ICommandSink sink, Func<int, long, Command> make)
    {
        var latencies = new Latencies();
        for (var round = 0; round < Rounds; round++)
        {
            var replies = new List<Task<double>>();
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) is var passed && passed < Round)
            {
                while (replies.Count < passed.TotalSeconds * Rate)
                {
                    replies.Add(TimeAsync(sink, make(replies.Count % Actors, Stopwatch.GetTimestamp())));
                }

                await Task.Delay(1);
            }

            latencies.AddRound(await Task.WhenAll(replies));
        }

        return latencies;
    }

    public static async Task<double> TimeAsync(ICommandSink sink, Command command)
    {
        var start = Stopwatch.GetTimestamp();
        var reply = await sink.SendAsync(command, CancellationToken.None);
        return reply.Accepted is not null ? Stopwatch.GetElapsedTime(start).TotalMicroseconds : throw new InvalidOperationException(reply.ToString());
    }

    // The best of the rounds: what disturbs only slows.
    private static async Task<Throughput> MostAsync(EngineSetup setup, PostgresServer server, Func<int, long, Command> make)
    {
        var rounds = new List<Throughput>();
        for (var round = 0; round < Rounds; round++)
        {
            var others = ProcessorTime.Of([Environment.ProcessId, .. setup.Processes]);
            var database = server.ProcessorTime;
            var start = Stopwatch.GetTimestamp();
            var done = await FloodAsync(setup.Sink, make, Round);
            var passed = Stopwatch.GetElapsedTime(start);
            others = ProcessorTime.Of([Environment.ProcessId, .. setup.Processes]) - others;
            database = server.ProcessorTime - database;
            rounds.Add(new Throughput(done / passed.TotalSeconds, others.TotalMicroseconds / done, database.TotalMicroseconds / done));
        }

        return rounds.MaxBy(most => most.PerSecond)!;
    }

    private static async Task<long> FloodAsync(ICommandSink sink, Func<int, long, Command> make, TimeSpan length)
    {
        var start = Stopwatch.GetTimestamp();
        var done = 0L;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(sender => Task.Run(async () =>
        {
            for (var actor = sender; Stopwatch.GetElapsedTime(start) < length; actor = (actor + InFlight) % Actors)
            {
                await TimeAsync(sink, make(actor, Stopwatch.GetTimestamp()));
                Interlocked.Increment(ref done);
            }
        })));
        return done;
    }
}
