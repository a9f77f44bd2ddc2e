namespace Gateway.Policies.Policies.Validation;

/// <summary>Something that is not as it is defined.</summary>
/// <param name="Name">What: a parameter, a header, a status, or the body.</param>
/// <param name="Type"><c>QueryParameter</c>, <c>PathParameter</c>, <c>RequestHeader</c>, <c>ResponseHeader</c>, <c>StatusCode</c>, <c>RequestBody</c> or <c>ResponseBody</c>.</param>
/// <param name="Rule"><c>Unspecified</c>, <c>SizeLimit</c>, <c>MissingDefinition</c>, <c>IncorrectMessage</c> or <c>ValidationError</c>.</param>
/// <param name="Details">A sentence.</param>
/// <param name="Action">What becomes of it.</param>
internal sealed record ValidationFault(string Name, string Type, string Rule, string Details, ValidationAction Action);
