using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications.Projection;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Publications.Projection;

public sealed class ProjectorTests
{
    private readonly ChunkCodec _codec = new(SiteKey.Generate().Publication);
    private readonly PolicyTrees _trees = new();

    [Fact]
    public async Task EmptyCatalog_HasAServicePartOnly()
    {
        var chunk = Assert.Single(await Step(New()));

        Assert.Equal(PartKey.Service, chunk.Part);
        Assert.Equal("gateway", Read(chunk, PublicationJson.Default.ServiceChunk).ServiceName);
    }

    [Fact]
    public async Task OrderOfRecords_DoesNotMatter()
    {
        CatalogContent[] records =
        [
            .. Api("a"), .. Api("b"), Policy("/apis/a", "x", "{{v}}"), Policy("", "g", "1"), NamedValue("n", "v", "7"), Subscription("s1"), Subscription("s2"),
            Put("/products/p", """{"displayName":"P","state":"published"}"""), Put("/products/p/apis/b", "{}"), Put("/products/p/apis/a", "{}"),
            Put("/backends/x", """{"url":"https://x.example/","protocol":"http"}"""),
        ];
        var expected = Names(await Step(New(), records));

        Assert.Equal(expected, Names(await Step(New(), [.. records.Reverse()])));
        var oneByOne = New();
        await Step(oneByOne);
        foreach (var record in records)
        {
            // Steps between may fail, a policy can come before its named value; the changes stay taken in.
            await oneByOne.StepAsync([record]);
        }

        Assert.Equal(expected, Names(await Step(oneByOne)));
    }

    [Fact]
    public async Task OneApiOfAThousand_Changed_BuildsOneChunk()
    {
        var projector = New();
        var before = Names(await Step(projector, [.. Enumerable.Range(0, 1000).SelectMany(number => Api($"api-{number}"))]));

        var after = await Step(projector, Api("api-500", "changed")[0]);

        Assert.Equal(PartKey.Api("api-500"), Assert.Single(after, chunk => chunk.Plain is not null).Part);
        Assert.Equal([PartKey.Api("api-500")], Names(after).Except(before).Select(name => name.Part));
        Assert.Equal(1001, after.Count);
    }

    [Fact]
    public async Task Change_ThatEdgesDoNotSee_ChangesNoName()
    {
        var projector = New();
        var before = Names(await Step(projector, Api("a")));

        var after = await Step(projector, Put("/apis/a", """{"displayName":"a","path":"a","protocols":["https"],"serviceUrl":"https://backend.example","description":"for the portal"}"""));

        Assert.Equal(before, Names(after));
    }

    [Fact]
    public async Task NamedValue_Changed_BuildsThePartsThatUseIt()
    {
        var projector = New();
        await Step(projector, [.. Api("a"), .. Api("b"), Policy("/apis/a/operations/get", "x", "{{v}}"), Policy("/apis/b", "x", "{{w}}"), NamedValue("1", "v", "old"), NamedValue("2", "w", "w")]);

        var after = await Step(projector, NamedValue("1", "V", "new"));

        var built = Assert.Single(after, chunk => chunk.Plain is not null);
        Assert.Equal(PartKey.Api("a"), built.Part);
        Assert.Contains("new", Read(built, PublicationJson.Default.ApiChunk).Operations[0].Policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamedValues_ThatSwapNames_BothArrive()
    {
        var projector = New();
        await Step(projector, [.. Api("a"), .. Api("b"), Policy("/apis/a", "x", "{{v}}"), Policy("/apis/b", "x", "{{w}}"), NamedValue("1", "v", "one"), NamedValue("2", "w", "two")]);

        var after = await Step(projector, NamedValue("1", "w", "one"), NamedValue("2", "v", "two"));

        Assert.Contains("two", Read(Chunk(after, PartKey.Api("a")), PublicationJson.Default.ApiChunk).Policy, StringComparison.Ordinal);
        Assert.Contains("one", Read(Chunk(after, PartKey.Api("b")), PublicationJson.Default.ApiChunk).Policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_WithNamedValues_GetsTheirValues()
    {
        var projector = New();
        const string Backend = """{"url":"https://x.example/v1/","protocol":"http","credentials":{"header":{"x-key":["{{k}}"]},"query":{"code":["1","2"]},"authorization":{"scheme":"Basic","parameter":"{{k}}"},"certificateIds":["/certificates/edge"],"certificate":["AB"]},"proxy":{"url":"http://proxy","username":"u","password":"{{k}}"},"tls":{"validateCertificateChain":false}}""";
        await Step(projector, Put("/backends/x", Backend), NamedValue("1", "k", "old"));

        var service = Read(Chunk(await Step(projector, NamedValue("1", "k", "new")), PartKey.Service), PublicationJson.Default.ServiceChunk);

        var backend = Assert.Single(service.Backends);
        Assert.Equal("https://x.example/v1", backend.Url);
        Assert.Equal("new", Assert.Single(Assert.Single(backend.Headers).Values));
        Assert.Equal(["1", "2"], Assert.Single(backend.Query).Values);
        Assert.Equal("Basic new", backend.Authorization);
        Assert.False(backend.ValidateCertificateChain);
        Assert.True(backend.ValidateCertificateName);
        Assert.Equal(["edge"], backend.Certificates);
        Assert.Equal(["AB"], backend.CertificateThumbprints);
        Assert.Equal(("http://proxy", "u", "new"), (backend.Proxy!.Url, backend.Proxy.User, backend.Proxy.Password));
    }

    [Fact]
    public async Task Fragment_Changed_BuildsThePartsThatIncludeIt()
    {
        var projector = New();
        await Step(projector, [.. Api("a"), .. Api("b"), Fragment("f", "{{v}}"), NamedValue("1", "v", "one"), Including("/apis/a", "f"), Policy("/apis/b", "x", "1")]);

        var changed = await Step(projector, Fragment("f", "two {{v}}"));
        Assert.Equal(PartKey.Api("a"), Assert.Single(changed, chunk => chunk.Plain is not null).Part);
        Assert.Contains("two one", Read(Chunk(changed, PartKey.Api("a")), PublicationJson.Default.ApiChunk).Policy, StringComparison.Ordinal);

        var valued = await Step(projector, NamedValue("1", "v", "three"));
        Assert.Contains("two three", Read(Chunk(valued, PartKey.Api("a")), PublicationJson.Default.ApiChunk).Policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SharedResources_Stored_ReachTheServicePart()
    {
        var projector = New();
        await Step(projector, NamedValue("1", "v", "host"));

        var service = Read(
            Chunk(
                await Step(
                    projector,
                    Put("/certificates/c", """{"data":"AAAA","password":"p","thumbprint":"T"}"""),
                    Put("/loggers/l", """{"loggerType":"http","credentials":{"url":"http://{{v}}"},"isBuffered":false}"""),
                    Put("/schemas/j", """{"schemaType":"json","document":{"type":"object"}}"""),
                    Put("/schemas/x", """{"schemaType":"xml","value":"<a/>"}""")),
                PartKey.Service),
            PublicationJson.Default.ServiceChunk);

        Assert.Equal(new CertificateEntry { Id = "c", Data = "AAAA", Password = "p" }, Assert.Single(service.Certificates));
        var logger = Assert.Single(service.Loggers);
        Assert.Equal(("l", "http", false, "http://host"), (logger.Id, logger.Type, logger.IsBuffered, Assert.Single(logger.Credentials).Text));
        Assert.Equal(["{\"type\":\"object\"}", "<a/>"], service.Schemas.Select(schema => schema.Text));
        Assert.DoesNotContain("AAAA", service.Certificates[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_OfTheNarrowestPlace_IsPublished()
    {
        var projector = New();
        async Task<string?> CacheAfter(params CatalogContent[] records)
        {
            var cache = Read(Chunk(await Step(projector, records), PartKey.Service), PublicationJson.Default.ServiceChunk).Cache;
            Assert.DoesNotContain("host", $"{cache}", StringComparison.Ordinal);
            return cache?.ConnectionString;
        }

        await Step(projector, NamedValue("1", "v", "host"));

        Assert.Null(await CacheAfter(Put("/caches/elsewhere", """{"connectionString":"elsewhere","useFromLocation":"Elsewhere"}""")));
        Assert.Equal("of-all", await CacheAfter(Put("/caches/all", """{"connectionString":"of-all","useFromLocation":"Default"}""")));
        Assert.Equal("host:1", await CacheAfter(Put("/caches/own", """{"connectionString":"{{v}}:1","useFromLocation":"managed"}""")));
    }

    [Fact]
    public async Task Pool_AndCircuitBreaker_ArePublished()
    {
        var chunks = await Step(
            New(),
            Put("/backends/a", """{"url":"https://a.example","protocol":"http","circuitBreaker":{"rules":[{"name":"r","failureCondition":{"count":3,"interval":"PT1M","statusCodeRanges":[{"min":500,"max":599}],"errorReasons":["Timeout"]},"tripDuration":"PT30S","acceptRetryAfter":true}]}}"""),
            Put("/backends/p", """{"type":"Pool","pool":{"services":[{"id":"/backends/a","priority":1,"weight":50}],"sessionAffinity":{"sessionId":{"source":"cookie","name":"s"}}}}"""));

        var backends = Read(Chunk(chunks, PartKey.Service), PublicationJson.Default.ServiceChunk).Backends;

        Assert.Null(backends[0].Pool);
        var rule = backends[0].CircuitBreaker!;
        Assert.Equal(("r", 3, null, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30), true), (rule.Name, rule.Count, rule.Percentage, rule.Interval, rule.TripDuration, rule.AcceptRetryAfter));
        Assert.Equal(new StatusRange(500, 599), Assert.Single(rule.Statuses));
        Assert.Equal("Timeout", Assert.Single(rule.Reasons));
        Assert.Equal((null, "s"), (backends[0].SessionCookie, backends[1].SessionCookie));
        Assert.Equal(("", new PoolMemberEntry("a", 1, 50)), (backends[1].Url, Assert.Single(backends[1].Pool!)));
    }

    [Theory]
    [InlineData("/apis/a", true)]
    [InlineData("/apis/a/operations/get", true)]
    [InlineData("/apis/b", false)]
    public async Task Examples_GoWherePoliciesMockResponses(string scope, bool expected)
    {
        const string Operation = """
            {"displayName":"Get","method":"get","urlTemplate":"/{id}","responses":[
              {"statusCode":200,"representations":[{"contentType":"application/json","examples":{"default":{"value":{"n":1}},"other":{"value":"text"}}},{"contentType":"text/xml"}]},
              {"statusCode":404}, "nonsense", {"representations":7}]}
            """;
        var mock = new System.Text.Json.Nodes.JsonObject { ["format"] = "rawxml", ["value"] = "<policies><inbound><base /><mock-response /></inbound></policies>" };
        var chunks = await Step(New(), [.. Api("a"), .. Api("b"), Put("/apis/a/operations/get", Operation), Put($"{scope}/policies/policy", mock.ToJsonString())]);

        var operation = Assert.Single(Read(Chunk(chunks, PartKey.Api("a")), PublicationJson.Default.ApiChunk).Operations);

        Assert.Equal(
            expected ? ["200 application/json {\"n\":1}", "200 application/json text", "200 text/xml ", "404  ", "200  "] : null,
            operation.Examples?.Select(example => $"{example.Status} {example.ContentType} {example.Body}"));
    }

    [Theory]
    [InlineData("validate-content unspecified-content-type-action=\"ignore\" max-size=\"1\" size-exceeded-action=\"ignore\"", "/apis/a", true)]
    [InlineData("mock-response", "/apis/a/operations/post", true)]
    [InlineData("set-method", "/apis/a", false)]
    public async Task Types_GoWherePoliciesMayAskForThem(string policy, string scope, bool expected)
    {
        const string Operation = """
            {"displayName":"Post","method":"POST","urlTemplate":"/",
             "request":{"representations":[{"contentType":"application/json","schemaId":"/apis/a/schemas/types","typeName":"order"},{"contentType":"text/xml","schemaId":"note"},{"contentType":"text/plain"}]},
             "responses":[{"statusCode":201,"representations":[{"contentType":"application/json","schemaId":"types","typeName":"receipt"}]},{"statusCode":204}]}
            """;
        var document = new System.Text.Json.Nodes.JsonObject { ["format"] = "rawxml", ["value"] = $"<policies><inbound><base /><{policy}>{(policy == "set-method" ? "GET" : "")}</{policy.Split(' ')[0]}></inbound></policies>" };
        var chunks = await Step(
            New(),
            [
                .. Api("a"), Put("/apis/a/operations/post", Operation), Put($"{scope}/policies/policy", document.ToJsonString()),
                Put("/apis/a/schemas/types", """{"contentType":"application/vnd.oai.openapi.components+json","document":{"components":{"schemas":{"order":{}}}}}"""),
                Put("/apis/a/schemas/old", """{"contentType":"application/vnd.ms-azure-apim.swagger.definitions+json","document":{"definitions":{"order":{}}}}"""),
                Put("/apis/a/schemas/note", """{"contentType":"application/vnd.ms-azure-apim.xsd+xml","document":{"value":"<schema/>"}}"""),
            ]);

        var api = Read(Chunk(chunks, PartKey.Api("a")), PublicationJson.Default.ApiChunk);

        Assert.Equal(
            expected ? ["note xml  <schema/>", """old json #/definitions/ {"definitions":{"order":{}}}""", """types json #/components/schemas/ {"components":{"schemas":{"order":{}}}}"""] : null,
            api.Schemas?.Select(schema => $"{schema.Id} {schema.Type} {schema.Types} {schema.Text}"));
        var definition = api.Operations.Single(operation => operation.Id == "post").Definition!;
        Assert.Equal([new BodyEntry("application/json", "types", "order"), new BodyEntry("text/xml", "note", null)], definition.Bodies!);
        Assert.Equal(new BodyEntry("application/json", "types", "receipt"), Assert.Single(definition.Responses[0].Bodies!));
        Assert.Null(definition.Responses[1].Bodies);
    }

    [Fact]
    public async Task Subscription_Changed_BuildsItsBucketAndHoldsNoKey()
    {
        var projector = New();
        await Step(projector, [.. Enumerable.Range(0, 500).Select(number => Subscription($"s{number}"))]);

        var built = Assert.Single(await Step(projector, Subscription("new")), chunk => chunk.Plain is not null);

        Assert.Equal(PartKey.BucketOf("new"), built.Part);
        var entry = Assert.Single(Read(built, PublicationJson.Default.SubscriptionsChunk).Subscriptions, subscription => subscription.Id == "new");
        Assert.Equal(Convert.ToBase64String(SHA256.HashData("new-1"u8)), entry.PrimaryKeyHash);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), entry.CreatedDate);
        Assert.DoesNotContain("new-1", Encoding.UTF8.GetString(built.Plain!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"/users/ann\"", "ann")]
    [InlineData("null", null)]
    public async Task Subscription_NamesItsOwner(string ownerId, string? expected)
    {
        var built = Assert.Single(
            await Step(New(), Put("/subscriptions/s", $$"""{"scope":"/apis","primaryKey":"1","secondaryKey":"2","ownerId":{{ownerId}}}""")),
            chunk => chunk.Part.Kind == ChunkKind.Subscriptions);

        Assert.Equal(expected, Assert.Single(Read(built, PublicationJson.Default.SubscriptionsChunk).Subscriptions).OwnerId);
        Assert.Equal(expected is null, !Encoding.UTF8.GetString(built.Plain!).Contains("ownerId", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("submitted")]
    [InlineData("cancelled")]
    public async Task Subscription_NotActive_IsNotPublished(string state)
    {
        var projector = New();
        await Step(projector, Subscription("s"));

        Assert.DoesNotContain(await Step(projector, Subscription("s", state)), chunk => chunk.Part.Kind == ChunkKind.Subscriptions);
    }

    [Fact]
    public async Task Api_DeletedWithItsChildren_LeavesNothing()
    {
        var projector = New();
        var before = Names(await Step(projector));
        await Step(projector, [.. Api("a"), Policy("/apis/a", "x", "1"), Policy("/apis/a/operations/get", "x", "1")]);

        var after = await Step(projector, Gone("/apis/a"), Gone("/apis/a/policies/policy"), Gone("/apis/a/operations/get"), Gone("/apis/a/operations/get/policies/policy"), Gone("/gateways/managed/apis/a"));

        Assert.Equal(before, Names(after));
    }

    [Fact]
    public async Task Gateway_ServesOnlyWhatIsLinkedToIt()
    {
        CatalogContent[] records =
        [
            .. Api("a"), .. Api("b", gateway: "branch"), Subscription("s"), Put("/gateways/branch", "{}"),
            Put("/products/p", """{"displayName":"P"}"""), Put("/products/p/apis/a", "{}"), Put("/products/q", """{"displayName":"Q"}"""), Put("/products/q/apis/b", "{}"),
        ];

        var managed = await Step(New(), records);
        var branch = await Step(New("branch"), records);

        Assert.Equal(["a"], Apis(managed));
        Assert.Equal(["b"], Apis(branch));
        Assert.Equal(["q"], Read(Chunk(branch, PartKey.Service), PublicationJson.Default.ServiceChunk).Products.Select(product => product.Id));
    }

    [Fact]
    public async Task Gateway_Unassigned_LosesTheApiAndItsPlaceInProducts()
    {
        var projector = New();
        await Step(projector, [.. Api("a"), Put("/products/p", """{"displayName":"P"}"""), Put("/products/p/apis/a", "{}")]);

        var after = await Step(projector, Gone("/gateways/managed/apis/a"));

        Assert.Empty(Apis(after));
        Assert.Empty(Read(Chunk(after, PartKey.Service), PublicationJson.Default.ServiceChunk).Products);
    }

    [Fact]
    public async Task Gateway_Deleted_PublishesNothingAnyMore_AndComesBackWhole()
    {
        CatalogContent[] records = [.. Api("a", gateway: "branch"), Subscription("s"), Put("/gateways/branch", "{}"), Put("/backends/x", """{"url":"https://x.example","protocol":"http"}""")];
        var projector = New("branch");
        var before = Names(await Step(projector, records));

        var deleted = await Step(projector, Gone("/gateways/branch"));
        Assert.Equal(PartKey.Service, Assert.Single(deleted).Part);
        Assert.Empty(Read(deleted[0], PublicationJson.Default.ServiceChunk).Backends);

        Assert.Equal(before, Names(await Step(projector, Put("/gateways/branch", "{}"))));
    }

    [Fact]
    public async Task Policy_ThatDoesNotCompile_IsReportedWithItsPlace_AndTheNextStepRepairsIt()
    {
        var projector = New();
        var before = Names(await Step(projector, Api("a")));

        var broken = await projector.StepAsync([Put("/apis/a/policies/policy", """{"value":"<policies><nonsense/></policies>"}""")]);
        Assert.All(broken.Errors, error => Assert.Equal("/apis/a/policies/policy", error.Target));
        Assert.NotEmpty(broken.Errors);

        Assert.Equal(before, Names(await Step(projector, Gone("/apis/a/policies/policy"))));
    }

    [Fact]
    public async Task Policies_AreCompiledOncePerTextAndNamedValues()
    {
        var projector = New();
        await Step(projector, [.. Api("a"), .. Api("b"), Policy("/apis/a", "x", "{{v}}"), Policy("/apis/b", "x", "{{v}}"), NamedValue("1", "v", "1")]);
        Assert.Equal(1, _trees.Compilations);

        await Step(projector, Api("a", "renamed")[0]);
        Assert.Equal(1, _trees.Compilations);

        await Step(projector, NamedValue("1", "v", "2"));
        Assert.Equal(2, _trees.Compilations);
    }

    private ProjectionView New(string gateway = "managed") => new(gateway, _trees, _codec);

    private static async Task<IReadOnlyList<ProjectedChunk>> Step(ProjectionView projector, params CatalogContent[] records)
    {
        var step = await projector.StepAsync(records);
        Assert.True(step.IsSuccess, string.Join("; ", step.Errors.Select(error => error.Message)));
        return step.Value;
    }

    private static (PartKey Part, string Name)[] Names(IReadOnlyList<ProjectedChunk> chunks) => [.. chunks.Select(chunk => (chunk.Part, chunk.Name))];

    private static string[] Apis(IReadOnlyList<ProjectedChunk> chunks) => [.. chunks.Where(chunk => chunk.Part.Kind == ChunkKind.Api).Select(chunk => chunk.Part.Id)];

    private static ProjectedChunk Chunk(IReadOnlyList<ProjectedChunk> chunks, PartKey part) => chunks.Single(chunk => chunk.Part == part);

    private static T Read<T>(ProjectedChunk chunk, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(chunk.Plain!, type)!;
}
