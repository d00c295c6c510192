// Each scenario runs a whole server: on a small machine several at a time would only measure each other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
