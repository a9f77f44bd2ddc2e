namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>What a body is judged as: <c>validate-as</c>.</summary>
internal enum ContentForm
{
    /// <summary>JSON.</summary>
    Json,

    /// <summary>XML.</summary>
    Xml,

    /// <summary>XML in the body of a SOAP envelope, 1.1 or 1.2.</summary>
    Soap,
}
