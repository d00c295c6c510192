using Mcptt.Edge.Transactions;
using Mcptt.Testing;
using static Mcptt.Edge.Transactions.TransactionActions;
using static Mcptt.Edge.Transactions.TransactionInput;
using static Mcptt.Edge.Transactions.TransactionKind;
using static Mcptt.Edge.Transactions.TransactionState;

namespace Mcptt.Edge.Tests.Transactions;

/// <summary>Every row that changes something; and that no other pair of state and input changes anything.</summary>
public class TransactionTableTests
{
    private static readonly (TransactionKind Kind, TransactionState State, TransactionInput Input, TransactionState Next, TransactionActions Actions)[] Rows =
    [
        (InviteClient, Calling, TimerA, Calling, Resend),
        (InviteClient, Calling, TimerB, Terminated, TellTimeout),
        (InviteClient, Calling, TransportError, Terminated, TellTransportError),
        (InviteClient, Calling, Provisional, Proceeding, PassUp),
        (InviteClient, Calling, Success, Accepted, PassUp),
        (InviteClient, Calling, Failure, Completed, SendAck | PassUp),
        (InviteClient, Proceeding, Provisional, Proceeding, PassUp),
        (InviteClient, Proceeding, Success, Accepted, PassUp),
        (InviteClient, Proceeding, Failure, Completed, SendAck | PassUp),
        (InviteClient, Proceeding, TimerCancel, Terminated, TellTimeout),
        (InviteClient, Completed, Failure, Completed, SendAck),
        (InviteClient, Completed, TransportError, Terminated, TellTransportError),
        (InviteClient, Completed, TimerD, Terminated, None),
        (InviteClient, Accepted, Success, Accepted, PassUp),
        (InviteClient, Accepted, TimerM, Terminated, None),
        (NonInviteClient, Trying, TimerE, Trying, Resend),
        (NonInviteClient, Trying, TimerF, Terminated, TellTimeout),
        (NonInviteClient, Trying, TransportError, Terminated, TellTransportError),
        (NonInviteClient, Trying, Provisional, Proceeding, PassUp),
        (NonInviteClient, Trying, Success, Completed, PassUp),
        (NonInviteClient, Trying, Failure, Completed, PassUp),
        (NonInviteClient, Proceeding, TimerE, Proceeding, Resend),
        (NonInviteClient, Proceeding, TimerF, Terminated, TellTimeout),
        (NonInviteClient, Proceeding, TransportError, Terminated, TellTransportError),
        (NonInviteClient, Proceeding, Provisional, Proceeding, PassUp),
        (NonInviteClient, Proceeding, Success, Completed, PassUp),
        (NonInviteClient, Proceeding, Failure, Completed, PassUp),
        (NonInviteClient, Completed, TimerK, Terminated, None),
        (InviteServer, Proceeding, Request, Proceeding, Resend),
        (InviteServer, Proceeding, TimerTrying, Proceeding, SendTrying),
        (InviteServer, Proceeding, Provisional, Proceeding, Send),
        (InviteServer, Proceeding, Success, Accepted, Send),
        (InviteServer, Proceeding, Failure, Completed, Send),
        (InviteServer, Proceeding, TransportError, Terminated, TellTransportError),
        (InviteServer, Completed, Request, Completed, Resend),
        (InviteServer, Completed, TimerG, Completed, Resend),
        (InviteServer, Completed, TimerH, Terminated, TellTimeout),
        (InviteServer, Completed, Ack, Confirmed, None),
        (InviteServer, Completed, TransportError, Terminated, TellTransportError),
        (InviteServer, Confirmed, TimerI, Terminated, None),
        (InviteServer, Accepted, Success, Accepted, Send),
        (InviteServer, Accepted, Ack, Accepted, PassUp),
        (InviteServer, Accepted, TransportError, Accepted, TellTransportError),
        (InviteServer, Accepted, TimerL, Terminated, None),
        (NonInviteServer, Trying, Provisional, Proceeding, Send),
        (NonInviteServer, Trying, Success, Completed, Send),
        (NonInviteServer, Trying, Failure, Completed, Send),
        (NonInviteServer, Proceeding, Provisional, Proceeding, Send),
        (NonInviteServer, Proceeding, Success, Completed, Send),
        (NonInviteServer, Proceeding, Failure, Completed, Send),
        (NonInviteServer, Proceeding, Request, Proceeding, Resend),
        (NonInviteServer, Proceeding, TransportError, Terminated, TellTransportError),
        (NonInviteServer, Completed, Request, Completed, Resend),
        (NonInviteServer, Completed, TransportError, Terminated, TellTransportError),
        (NonInviteServer, Completed, TimerJ, Terminated, None),
    ];

    public static TheoryData<TransactionKind, TransactionState, TransactionInput> Pairs
    {
        get
        {
            var pairs = new TheoryData<TransactionKind, TransactionState, TransactionInput>();
            foreach (var kind in Enum.GetValues<TransactionKind>())
            {
                foreach (var state in Enum.GetValues<TransactionState>())
                {
                    foreach (var input in Enum.GetValues<TransactionInput>())
                    {
                        pairs.Add(kind, state, input);
                    }
                }
            }

            return pairs;
        }
    }

    [Theory]
    [Clause("RFC3261 17.1.1")]
    [Clause("RFC3261 17.1.2")]
    [Clause("RFC3261 17.2.1")]
    [Clause("RFC3261 17.2.2")]
    [Clause("RFC6026 7")]
    [MemberData(nameof(Pairs))]
    public void Step_is_that_of_the_standards_figure(TransactionKind kind, TransactionState state, TransactionInput input)
    {
        var row = Rows.SingleOrDefault(row => (row.Item1, row.Item2, row.Item3) == (kind, state, input), (kind, state, input, state, None));
        Assert.Equal(new TransactionStep(row.Item4, row.Item5), TransactionTable.Step(kind, state, input));
    }

    [Theory]
    [InlineData(InviteClient, Calling, "A 500, B 32000", "B 32000")]
    [InlineData(InviteClient, Proceeding, "", "")]
    [InlineData(InviteClient, Completed, "D 32000", "D 0")]
    [InlineData(InviteClient, Accepted, "M 32000", "M 32000")]
    [InlineData(NonInviteClient, Trying, "E 500, F 32000", "F 32000")]
    [InlineData(NonInviteClient, Completed, "K 5000", "K 0")]
    [InlineData(InviteServer, Proceeding, "Trying 200", "Trying 200")]
    [InlineData(InviteServer, Completed, "G 500, H 32000", "H 32000")]
    [InlineData(InviteServer, Confirmed, "I 5000", "I 0")]
    [InlineData(InviteServer, Accepted, "L 32000", "L 32000")]
    [InlineData(NonInviteServer, Trying, "", "")]
    [InlineData(NonInviteServer, Completed, "J 32000", "J 0")]
    public void Timers_are_those_of_table_4(TransactionKind kind, TransactionState state, string unreliable, string reliable)
    {
        string Timers(bool isReliable) => string.Join(", ", TransactionTable.TimersOf(kind, state, isReliable, new TransactionOptions())
            .Select(timer => $"{timer.Timer} {timer.Due.TotalMilliseconds}"));
        Assert.Equal((unreliable, reliable), (Timers(false), Timers(true)));
    }
}
