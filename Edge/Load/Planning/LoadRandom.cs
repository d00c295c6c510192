namespace Mcptt.Load.Planning;

/// <summary>SplitMix64: random choices that are the same for a seed on every machine and version. Not thread safe.</summary>
internal sealed class LoadRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 up to, and without, 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double share) => NextDouble() < share;

    public int Below(int bound) => (int)(NextDouble() * bound);

    public double Exponential(double mean) => -mean * Math.Log(1 - NextDouble());
}
