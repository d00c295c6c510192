namespace Mcptt.Domain.Audit.Timelines;

/// <summary>
/// Colours of a picture in the light and in the dark, from the palette of Okabe and Ito, which people tell apart who do not see all colours; and none
/// of them alone carries a meaning: bars differ by pattern, marks by shape.
/// </summary>
internal static class TimelineStyle
{
    public const string Css = """

        text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",Arial,sans-serif;fill:#1b1f24}
        .paper{fill:#ffffff}.dim{fill:#56606b}.even{fill:#f5f7f9}.grid{stroke:#dde2e8;stroke-width:1}.frame{fill:none;stroke:#aab3be;stroke-width:1}
        .ringing{fill:none;stroke:#7c8794;stroke-width:1;stroke-dasharray:2 2}.incall{fill:#dbe3ec;stroke:#b3bfcc;stroke-width:1}
        .deaf{stroke:#7c8794;stroke-width:1}.p-deaf{stroke:#7c8794;stroke-width:1.5}
        .waiting{stroke:#b87a00;stroke-width:1}.p-waiting{stroke:#e69f00;stroke-width:3.5}.p-under{fill:#fff6e0}
        .granted{fill:#ffffff;stroke:#0072b2;stroke-width:1.5}.voice{fill:#0072b2}.stopping{stroke:#a34700;stroke-width:1}.p-stopping{stroke:#d55e00;stroke-width:3}
        .unpermitted{fill:none;stroke:#d55e00;stroke-width:2;stroke-dasharray:4 2}.notrecorded{fill:#000000}
        .heard{stroke:#56b4e9;stroke-width:3;fill:none}.onvoice{fill:#ffffff}.onwait{fill:#4a3200;paint-order:stroke;stroke:#fff6e0;stroke-width:3px}
        .band{fill:#cc79a7;fill-opacity:.16;stroke:#a3517f;stroke-width:1;stroke-dasharray:6 3}.bandtext{fill:#8b3a68}
        .break{fill:#ffffff}.zigzag{stroke:#8b95a1;stroke-width:1.2;fill:none}
        .mark{stroke:#ffffff;stroke-width:1.2}.m-go{fill:#007a5a}.m-out{fill:#56606b}.m-bad{fill:#c43e00}.m-take{fill:#6a3d9a}.cross{stroke:#c43e00;stroke-width:2.4;fill:none}.halo{stroke:#ffffff;stroke-width:4.6;fill:none}
        .count{fill:#1b1f24;paint-order:stroke;stroke:#ffffff;stroke-width:3px}
        @media (prefers-color-scheme:dark){
        text{fill:#e6e9ed}.onwait{fill:#4a3200}.paper{fill:#14171b}.dim{fill:#a3adb8}.even{fill:#1a1f25}.grid{stroke:#2b323a}.frame{stroke:#56606b}
        .ringing{stroke:#8b95a1}.incall{fill:#2a343f;stroke:#465463}.deaf{stroke:#8b95a1}.p-deaf{stroke:#8b95a1}
        .waiting{stroke:#e69f00}.granted{fill:#14171b;stroke:#56b4e9}.voice{fill:#2e8fd0}.stopping{stroke:#ff8f4d}.p-stopping{stroke:#ff7a2e}
        .unpermitted{stroke:#ff7a2e}.notrecorded{fill:#ffffff}.onvoice{fill:#ffffff}
        .band{stroke:#e39ac5}.bandtext{fill:#eab3d3}.break{fill:#14171b}.zigzag{stroke:#77828e}
        .mark{stroke:#14171b}.m-go{fill:#2fc79a}.m-out{fill:#a3adb8}.m-bad{fill:#ff7a2e}.m-take{fill:#b794e6}.cross{stroke:#ff7a2e}.halo{stroke:#14171b}
        .count{fill:#e6e9ed;stroke:#14171b}}

        """;
}
