using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>One call to a partition that is under way.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Epoch">The epoch that it was made under.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Counters">The counters it is about.</param>
/// <param name="Requests">What it says of each.</param>
internal sealed record PartitionCall(long Sequence, long Epoch, long Sent, PartitionCounter[] Counters, LeaseRequest[] Requests);
