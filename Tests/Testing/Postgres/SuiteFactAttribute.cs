using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Mcptt.Testing.Postgres;

/// <summary>A test of a suite that several implementations pass. Where PostgreSQL's programs are missing it is skipped, with a reason, in the classes that have its name in theirs.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Mcptt.Testing.Postgres.SuiteFactDiscoverer", "Mcptt.Testing")]
public sealed class SuiteFactAttribute : FactAttribute;

public sealed class SuiteFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new SuiteTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class SuiteTestCase : XunitTestCase
{
    [Obsolete("For the runner, which makes it from its serialized form.")]
    public SuiteTestCase()
    {
    }

    public SuiteTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute)
        ?? (TestMethod.TestClass.Class.Name.Contains("Postgres", StringComparison.Ordinal) ? new RequiresPostgresFactAttribute().Skip : null);
}
