using System.Text.Json.Nodes;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Import;

public class ApiImportTests : ManagementFixture
{
    internal const string Yaml = """
        openapi: 3.0.3
        info: { title: Pet store, version: 1.0.0, description: About pets. }
        servers:
          - url: https://{region}.pets.example/v1
            variables: { region: { default: eu } }
        paths:
          /pets:
            get:
              operationId: listPets
              summary: List pets
              parameters:
                - { name: limit, in: query, required: true, description: How many., schema: { type: integer } }
                - { name: X-Trace, in: header, schema: { type: string } }
              responses: { "200": { description: Some pets }, default: { description: Trouble } }
            post:
              operationId: "create a pet!"
              requestBody: { description: The pet., content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
              responses: { "201": { description: Made } }
          /pets/{petId}:
            parameters:
              - $ref: '#/components/parameters/PetId'
            get:
              responses: { "200": { description: A pet } }
        components:
          parameters:
            PetId: { name: petId, in: path, required: true, description: Which pet., schema: { type: integer } }
          schemas:
            Pet: { type: object, properties: { friend: { $ref: '#/components/schemas/Pet' } } }
        """;

    internal const string Json = """
        {"openapi":"3.1.0","info":{"title":"J","version":"1"},"paths":{
          "/a":{"get":{"operationId":"getA","responses":{"200":{"description":"ok"}}}},
          "/b":{"get":{"operationId":"getB","responses":{"200":{"description":"ok"}}}}}}
        """;

    private const string Swagger = """
        {"swagger":"2.0","info":{"title":"S","version":"1"},"host":"old.example","basePath":"/api","schemes":["https"],
         "paths":{"/a/{id}":{"get":{"operationId":"getA","parameters":[{"name":"id","in":"path","required":true,"type":"integer"}],"responses":{"200":{"description":"ok"}}}}}}
        """;

    internal static string Body(string format, string value, params (string Name, JsonNode Value)[] others)
    {
        var properties = new JsonObject { ["path"] = "pets", ["format"] = format, ["value"] = value };
        foreach (var (name, other) in others)
        {
            properties[name] = other;
        }

        return new JsonObject { ["properties"] = properties }.ToJsonString();
    }

    [Fact]
    public async Task Yaml_MakesTheApiAndItsOperations()
    {
        var reply = await Server.SendAsync("PUT", "/apis/pets?import=true", Body("openapi", Yaml));

        Assert.Equal(201, reply.Status);
        Assert.Null(reply.Header("x-gateway-ignored"));
        var api = reply.Json["properties"]!.AsObject();
        Assert.Equal(("Pet store", "About pets.", "https://eu.pets.example/v1"), ((string?)api["displayName"], (string?)api["description"], (string?)api["serviceUrl"]));
        Assert.False(api.ContainsKey("format") || api.ContainsKey("value"));
        var operations = (await Server.SendAsync("GET", "/apis/pets/operations")).Json["value"]!.AsArray();
        Assert.Equal(["create-a-pet", "get-pets-petid", "listPets"], operations.Select(operation => (string)operation!["name"]!));
        Assert.Equal(["create-a-pet", "get-pets-petid", "List pets"], operations.Select(operation => (string)operation!["properties"]!["displayName"]!));
        var byId = operations[1]!["properties"]!;
        Assert.Equal(("GET", "/pets/{petId}"), ((string?)byId["method"], (string?)byId["urlTemplate"]));
        Assert.Equal("""[{"name":"petId","type":"integer","required":true,"description":"Which pet."}]""", byId["templateParameters"]!.ToJsonString());
        var list = operations[2]!["properties"]!;
        Assert.Equal("/pets", (string?)list["urlTemplate"]);
        Assert.Equal("""[{"name":"limit","type":"integer","required":true,"description":"How many."}]""", list["request"]!["queryParameters"]!.ToJsonString());
        Assert.Equal("""[{"statusCode":200,"description":"Some pets"},{"statusCode":"default","description":"Trouble"}]""", list["responses"]!.ToJsonString());
    }

    [Fact]
    public async Task Types_OfBodies_BecomeASchemaThatOperationsName()
    {
        const string Document = """
            openapi: 3.0.3
            info: { title: t, version: '1' }
            paths:
              /pets:
                post:
                  operationId: addPet
                  requestBody:
                    content:
                      application/json: { schema: { $ref: '#/components/schemas/Pet' }, examples: { one: { value: { name: Rex } }, two: { value: text } } }
                      application/pets: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } }
                      text/plain: {}
                  responses:
                    '201': { description: Made, content: { application/json: { schema: { type: object, properties: { id: { type: integer } } }, example: { id: 7 } } } }
            components:
              schemas:
                Pet: { type: object, required: [name], properties: { name: { type: string, nullable: true }, friend: { $ref: '#/components/schemas/Pet' } } }
            """;

        Assert.Equal(201, (await Server.SendAsync("PUT", "/apis/pets", Body("openapi", Document))).Status);

        var operation = (await Server.SendAsync("GET", "/apis/pets/operations/addPet")).Json["properties"]!;
        Assert.Equal(
            """[{"contentType":"application/json","schemaId":"types","typeName":"Pet","examples":{"one":{"value":{"name":"Rex"}},"two":{"value":"text"}}},{"contentType":"application/pets","schemaId":"types","typeName":"addPet-request"},{"contentType":"text/plain"}]""",
            operation["request"]!["representations"]!.ToJsonString());
        Assert.Equal(
            """[{"contentType":"application/json","schemaId":"types","typeName":"addPet-201","examples":{"default":{"value":{"id":7}}}}]""",
            operation["responses"]![0]!["representations"]!.ToJsonString());
        var types = (await Server.SendAsync("GET", "/apis/pets/schemas/types")).Json["properties"]!;
        Assert.Equal("application/vnd.oai.openapi.components+json", (string?)types["contentType"]);
        Assert.Equal(
            """{"Pet":{"required":["name"],"type":"object","properties":{"name":{"type":"string","nullable":true},"friend":{"$ref":"#/components/schemas/Pet"}}},"addPet-request":{"type":"array","items":{"$ref":"#/components/schemas/Pet"}},"addPet-201":{"type":"object","properties":{"id":{"type":"integer"}}}}""",
            types["document"]!["components"]!["schemas"]!.ToJsonString());
    }

    [Fact]
    public async Task Types_OfADocumentWithoutAny_Go()
    {
        await Server.SendAsync("PUT", "/apis/x", Body("openapi", Yaml));
        Assert.Equal(200, (await Server.SendAsync("GET", "/apis/x/schemas/types")).Status);

        await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", Json));

        Assert.Equal(404, (await Server.SendAsync("GET", "/apis/x/schemas/types")).Status);
    }

    [Theory]
    [InlineData("openapi", Json)]
    [InlineData("openapi+json", Json)]
    [InlineData("swagger-json", Swagger)]
    public async Task Json_IsTakenInItsFormats(string format, string document)
    {
        Assert.Equal(201, (await Server.SendAsync("PUT", "/apis/x", Body(format, document))).Status);
        Assert.Equal(200, (await Server.SendAsync("GET", "/apis/x/operations/getA")).Status);
    }

    [Fact]
    public async Task Swagger_GivesTheServiceUrl()
    {
        var reply = await Server.SendAsync("PUT", "/apis/x", Body("swagger-json", Swagger));

        Assert.Equal("https://old.example/api", (string?)reply.Json["properties"]!["serviceUrl"]);
        Assert.Equal("integer", (string?)(await Server.SendAsync("GET", "/apis/x/operations/getA")).Json["properties"]!["templateParameters"]![0]!["type"]);
    }

    [Fact]
    public async Task Properties_OfTheCaller_StandAboveTheDocument()
    {
        var reply = await Server.SendAsync("PUT", "/apis/x", Body("openapi", Yaml, ("displayName", "Mine"), ("serviceUrl", "https://mine.example")));

        Assert.Equal(("Mine", "https://mine.example", "About pets."),
            ((string?)reply.Json["properties"]!["displayName"], (string?)reply.Json["properties"]!["serviceUrl"], (string?)reply.Json["properties"]!["description"]));
    }

    [Fact]
    public async Task SecondImport_DeletesWhatIsGone_AndKeepsWhatStays()
    {
        await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", Json));
        var before = await Server.SendAsync("GET", "/apis/x/operations/getB");
        await Server.SendAsync("PUT", "/apis/x/operations/getB/policies/policy", """{"properties":{"value":"<policies/>"}}""");

        var second = await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", Json.Replace("/a", "/c", StringComparison.Ordinal).Replace("getA", "getC", StringComparison.Ordinal)));

        Assert.Equal(200, second.Status);
        Assert.Equal(404, (await Server.SendAsync("GET", "/apis/x/operations/getA")).Status);
        Assert.Equal(200, (await Server.SendAsync("GET", "/apis/x/operations/getC")).Status);
        Assert.Equal(before.ETag, (await Server.SendAsync("GET", "/apis/x/operations/getB")).ETag);
        Assert.Equal(200, (await Server.SendAsync("GET", "/apis/x/operations/getB/policies/policy")).Status);
    }

    [Fact]
    public async Task OperationThatIsRenamed_TakesThePlaceOfTheOldOne()
    {
        await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", Json));

        var second = await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", Json.Replace("getA", "fetchA", StringComparison.Ordinal)));

        Assert.Equal(200, second.Status);
        Assert.Equal(404, (await Server.SendAsync("GET", "/apis/x/operations/getA")).Status);
        Assert.Equal(200, (await Server.SendAsync("GET", "/apis/x/operations/fetchA")).Status);
    }

    [Fact]
    public async Task ChangeSet_MayImport_AndTheCallersOwnOperationsStay()
    {
        var body = new JsonObject
        {
            ["changes"] = new JsonArray(
                new JsonObject { ["op"] = "put", ["id"] = "/apis/x", ["properties"] = JsonNode.Parse(Body("openapi+json", Json))!["properties"]!.DeepClone() },
                new JsonObject { ["op"] = "put", ["id"] = "/apis/x/operations/getA", ["properties"] = new JsonObject { ["displayName"] = "Own A", ["method"] = "GET", ["urlTemplate"] = "/a" } },
                new JsonObject { ["op"] = "put", ["id"] = "/apis/x/operations/extra", ["properties"] = new JsonObject { ["displayName"] = "Extra", ["method"] = "GET", ["urlTemplate"] = "/extra" } }),
        }.ToJsonString();

        var first = await Server.SendAsync("POST", "/changes", body);
        var second = await Server.SendAsync("POST", "/changes", body);

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.Equal(["/apis/x", "/apis/x/operations/getA", "/apis/x/operations/extra"], first.Json["changes"]!.AsArray().Select(change => (string)change!["id"]!));
        Assert.All(second.Json["changes"]!.AsArray(), change => Assert.Equal("unchanged", (string?)change!["outcome"]));
        Assert.Equal("Own A", (string?)(await Server.SendAsync("GET", "/apis/x/operations/getA")).Json["properties"]!["displayName"]);
        Assert.Equal(3, (int)(await Server.SendAsync("GET", "/apis/x/operations")).Json["count"]!);
    }

    [Fact]
    public async Task RequiredQueryParameters_JoinTheTemplateWhenAsked()
    {
        await Server.SendAsync("PUT", "/apis/x", Body("openapi", Yaml, ("translateRequiredQueryParameters", "template")));

        var operation = (await Server.SendAsync("GET", "/apis/x/operations/listPets")).Json["properties"]!;

        Assert.Equal("/pets?limit={limit}", (string?)operation["urlTemplate"]);
        Assert.Equal("limit", (string?)operation["templateParameters"]![0]!["name"]);
    }

    [Fact]
    public async Task OperationIds_ThatCollide_AreMadeUnique()
    {
        var document = Json.Replace("getB", "GETA", StringComparison.Ordinal);

        Assert.Equal(201, (await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", document))).Status);

        var names = (await Server.SendAsync("GET", "/apis/x/operations")).Json["value"]!.AsArray().Select(operation => (string)operation!["name"]!);
        Assert.Equal(["GETA-2", "getA"], names);
    }

    [Fact]
    public async Task Import_ThatFails_LeavesNothing()
    {
        var document = Json.Replace("/b", "/a/{x", StringComparison.Ordinal);

        var reply = await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", document));

        Assert.Equal(400, reply.Status);
        Assert.Contains("#/paths/~1a~1{x/get", reply.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await Server.SendAsync("GET", "/apis/x")).Status);
    }

    [Fact]
    public async Task Import_OfTwoThousandOperations_IsOneVersion()
    {
        var paths = new JsonObject();
        for (var i = 0; i < 2000; i++)
        {
            paths[$"/p{i}/{{id}}"] = JsonNode.Parse("""{"get":{"responses":{"200":{"description":"ok"}}}}""");
        }

        var document = new JsonObject { ["openapi"] = "3.0.0", ["info"] = new JsonObject { ["title"] = "Big", ["version"] = "1" }, ["paths"] = paths };

        Assert.Equal(201, (await Server.SendAsync("PUT", "/apis/x", Body("openapi+json", document.ToJsonString()))).Status);
        Assert.Equal(2000, (int)(await Server.SendAsync("GET", "/apis/x/operations?$top=1")).Json["count"]!);
    }
}

/// <summary>The same on real grains.</summary>
[Collection(ManagementClusterTests.Name)]
public sealed class ApiImportOnGrainsTests(ManagementCluster cluster) : ApiImportTests
{
    protected override Task<IGrainFactory> GrainsAsync() => cluster.EmptyAsync();
}
