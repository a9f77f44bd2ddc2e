namespace Gateway.Management.Import;

/// <summary>Reads a small document, so that the first import of a process does not wait for the reader of documents to be compiled (some 70 ms).</summary>
public static class ImportWarmUp
{
    private const string Document = """
        openapi: 3.0.3
        info: { title: Warm, version: '1' }
        paths:
          /items/{id}:
            get:
              operationId: get
              parameters:
                - { name: id, in: path, required: true, schema: { type: integer } }
              responses:
                '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } }
        components:
          schemas:
            Item: { type: object, properties: { id: { type: integer }, name: { type: string } } }
        """;

    /// <summary>Reads it; the answer is how many operations it has.</summary>
    /// <exception cref="InvalidOperationException">It is refused.</exception>
    public static int Run()
    {
        var document = DocumentReader.Read(new ImportRequest("openapi", Document, RequiredQueryInTemplate: false));
        return document.IsSuccess && DocumentOperations.Read(document.Value, requiredQueryInTemplate: false, new DocumentTypes(document.Value)) is { IsSuccess: true } operations
            ? operations.Value.Count
            : throw new InvalidOperationException("The document that warms up imports is refused.");
    }
}
