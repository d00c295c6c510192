namespace Mcptt.Load.Measuring;

/// <summary>What one listener heard of one burst. One thread at a time writes it.</summary>
internal sealed class BurstHearing
{
    // How far back a repeated packet is told from one that comes late.
    private const int WindowFrames = 64;

    private ulong _window;
    private uint _highest;

    /// <summary>Different packets.</summary>
    public int Heard { get; private set; }

    /// <summary>Number of the first packet that came, or of an earlier one that came later.</summary>
    public uint First { get; private set; }

    public int Duplicated { get; private set; }

    public int Reordered { get; private set; }

    /// <summary>Heard beside another burst.</summary>
    public bool Conflict { get; set; }

    /// <summary>True for the very first packet.</summary>
    public bool Take(uint frame)
    {
        if (Heard == 0)
        {
            (First, _highest, _window, Heard) = (frame, frame, 1, 1);
            return true;
        }

        if (frame > _highest)
        {
            var ahead = frame - _highest;
            (_highest, _window) = (frame, ahead >= WindowFrames ? 1 : (_window << (int)ahead) | 1);
            Heard++;
            return false;
        }

        var behind = _highest - frame;
        if (behind >= WindowFrames || (_window & (1UL << (int)behind)) != 0)
        {
            Duplicated++;
            return false;
        }

        _window |= 1UL << (int)behind;
        First = Math.Min(First, frame);
        Reordered++;
        Heard++;
        return false;
    }
}
