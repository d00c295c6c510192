using Mcptt.Testing.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Mcptt.Actors.Tests.Journals;

/// <summary>A test that every journal passes. Where PostgreSQL's programs are missing it is skipped for PostgreSQL's, with a reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Mcptt.Actors.Tests.Journals.JournalFactDiscoverer", "Mcptt.Actors.Tests")]
public sealed class JournalFactAttribute : FactAttribute;

public sealed class JournalFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new JournalTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class JournalTestCase : XunitTestCase
{
    [Obsolete("For the runner, which makes it from its serialized form.")]
    public JournalTestCase()
    {
    }

    public JournalTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute)
        ?? (TestMethod.TestClass.Class.Name.Contains("Postgres", StringComparison.Ordinal) ? new RequiresPostgresFactAttribute().Skip : null);
}
