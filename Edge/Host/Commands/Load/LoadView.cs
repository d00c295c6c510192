using System.Globalization;
using Mcptt.Load.Measuring;
using Mcptt.Load.Reporting;
using Spectre.Console;

namespace Mcptt.Host.Commands.Load;

/// <summary>What is going on, on stderr: a table that is drawn anew at a terminal, a line every ten seconds elsewhere.</summary>
internal abstract class LoadView : IAsyncDisposable
{
    public static LoadView Of(CommandContext context, LoadOrder order) => context.ErrorIsTerminal ? new DrawnLoadView(context, order) : new PlainLoadView(context);

    public abstract void Show(LoadSample sample);

    public abstract ValueTask DisposeAsync();

    protected static string Milliseconds(LatencyReport? latency, Func<LatencyReport, double> figure) =>
        latency is null ? "-" : figure(latency).ToString(figure(latency) < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private sealed class PlainLoadView(CommandContext context) : LoadView
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

        private double _next = Every.TotalSeconds;
        private string _phase = "";

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public override void Show(LoadSample sample)
        {
            if (sample.Seconds < _next && sample.Phase == _phase)
            {
                return;
            }

            (_next, _phase) = (sample.Seconds + Every.TotalSeconds, sample.Phase);
            var access = sample.Latency(MeasureKind.FloorAccess);
            context.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sample.Seconds,6:0} s {sample.Phase,-11} {sample.Registered} registered, {sample.ActiveCalls} calls, "
                + $"access p50 {Milliseconds(access, one => one.P50)} p99 {Milliseconds(access, one => one.P99)} ms, "
                + $"mouth to ear p99 {Milliseconds(sample.Latency(MeasureKind.MouthToEar), one => one.P99)} ms, {sample.Failures} failures, "
                + $"lag p99 {Milliseconds(sample.Latency(MeasureKind.ScheduleLag), one => one.P99)} ms"));
        }
    }

    private sealed class DrawnLoadView : LoadView
    {
        private static readonly (string Title, MeasureKind Kind)[] Rows =
        [
            ("registration", MeasureKind.Registration), ("call set-up", MeasureKind.CallSetup), ("call access (KPI 2)", MeasureKind.CallAccess), ("floor access (KPI 1)", MeasureKind.FloorAccess),
            ("queue wait", MeasureKind.QueueWait), ("mouth to ear (KPI 3)", MeasureKind.MouthToEar), ("late entry (KPI 4)", MeasureKind.LateEntry), ("generator's lag", MeasureKind.ScheduleLag),
        ];

        private readonly System.Threading.Channels.Channel<LoadSample> _samples = System.Threading.Channels.Channel.CreateBounded<LoadSample>(
            new System.Threading.Channels.BoundedChannelOptions(1) { FullMode = System.Threading.Channels.BoundedChannelFullMode.DropOldest });

        private readonly Dictionary<MeasureKind, LatencyReport> _latest = [];
        private readonly LoadOrder _order;
        private readonly Task _drawing;

        public DrawnLoadView(CommandContext context, LoadOrder order)
        {
            _order = order;
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
            _drawing = console.Live(new Text("registering ...")).AutoClear(true).StartAsync(async live =>
            {
                await foreach (var sample in _samples.Reader.ReadAllAsync())
                {
                    live.UpdateTarget(Table(sample));
                }
            });
        }

        public override void Show(LoadSample sample) => _samples.Writer.TryWrite(sample);

        public override async ValueTask DisposeAsync()
        {
            _samples.Writer.TryComplete();
            await _drawing;
        }

        private Table Table(LoadSample sample)
        {
            var table = new Table().Border(TableBorder.Rounded).Title(Title(sample)).Caption(Caption(sample));
            foreach (var column in new[] { "", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms" })
            {
                table.AddColumn(new TableColumn(column).Alignment(column.Length == 0 ? Justify.Left : Justify.Right));
            }

            foreach (var (title, kind) in Rows)
            {
                var now = sample.Latency(kind);
                if (now is not null)
                {
                    _latest[kind] = now;
                }

                var shown = _latest.GetValueOrDefault(kind);
                table.AddRow(
                    title, $"{now?.Count ?? 0}", Milliseconds(shown, one => one.P50), Milliseconds(shown, one => one.P95), Milliseconds(shown, one => one.P99), Milliseconds(shown, one => one.Max));
            }

            return table;
        }

        private TableTitle Title(LoadSample sample) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{sample.Phase}, {sample.Seconds:0} s: {sample.Registered} of {_order.Run.Profile.Users.Count} registered, {sample.ActiveCalls} calls"));

        private static TableTitle Caption(LoadSample sample) =>
            new(string.Create(
                CultureInfo.InvariantCulture,
                $"calls {sample.Count(CountKind.CallsSetUp)} set up, {sample.Count(CountKind.CallsFailed)} failed; {sample.Failures} failures; voice {sample.Latency(MeasureKind.MouthToEar)?.Count ?? 0} heard"));
    }
}
