namespace Mcptt.Ue.Script;

public static partial class ScriptParser
{
    /// <summary>The language, one line per command; also what "help" prints.</summary>
    public static string Reference { get; } = """
        register [EXPIRES]            REGISTER with digest, e.g. "register 600s"
        unregister                    end the registration
        settings auto|manual          PUBLISH poc-settings: how INVITEs are answered
        subscribe                     SUBSCRIBE to one's own affiliations
        affiliate [GROUP ...]         PUBLISH the whole set of affiliated groups
        call GROUP [floor] [emergency|imminent-peril]   INVITE; "floor" asks for the floor with it
        cancel                        CANCEL the call that is not answered yet
        answer | reject [STATUS]      answer an INVITE by hand
        hangup                        BYE
        hold | resume                 re-INVITE: no audio either way, and again
        renegotiate [queueing] [priority N] [floor]   re-INVITE with these words for floor control
        emergency on|off [floor]      re-INVITE that begins or ends an emergency
        imminent-peril on|off [floor] re-INVITE that begins or ends an imminent peril
        press [priority N] [emergency|imminent-peril]
        keep-pressing [within DURATION]   press, and again when denied, until granted
        release                       let the button go
        queue-position                ask for the position in the queue
        play FILE.wav | tone HZ       what is said from now on (8 kHz 16-bit mono)
        record FILE.wav               record what is heard from now on
        talk DURATION                 send RTP without asking for the floor
        flood N                       send N floor requests at once
        wait DURATION                 e.g. 500ms, 2s, 1m
        expect EVENT [FIELD VALUE ...] [within DURATION]
        expect no EVENT [FIELD VALUE ...] [for DURATION]
        print TEXT
        try COMMAND                   a refusal does not fail the script
        # comment
        """;
}
