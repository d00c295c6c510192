using System.Runtime.CompilerServices;
using Mcptt.Actors.Akka.Streams;
using Mcptt.Media.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcptt.Actors.Akka.Tests.Streams;

internal static class StreamsUnderTest
{
    /// <summary>In this assembly every media node of the media tests forwards through Akka.Streams.</summary>
    [ModuleInitializer]
    internal static void Take() => MediaHarness.Pipeline = () => new AkkaStreamsPipeline(NullLoggerFactory.Instance);
}
