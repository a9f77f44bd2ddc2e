namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>A schema, ready to judge bodies; all requests share it.</summary>
internal interface IBodySchema
{
    /// <summary>The most faults that are told of one body.</summary>
    public const int MostFaults = 20;

    /// <summary>What is wrong with a body: sentences that do not quote its values.</summary>
    /// <exception cref="System.Text.Json.JsonException">The body is not well-formed JSON, or nested too deep.</exception>
    /// <exception cref="System.Xml.XmlException">The body is not well-formed XML, or nested too deep.</exception>
    /// <exception cref="CostlyBodyException">It would take too long.</exception>
    IReadOnlyList<string> Judge(string body);
}
