namespace Gateway.Site.Tests.Sites;

/// <summary>One site for several suites, which run one after the other; each leaves it whole, and APIs of its own.</summary>
[CollectionDefinition(nameof(SharedSite))]
public sealed class SharedSite : ICollectionFixture<LocalSite>;
