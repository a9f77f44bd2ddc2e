using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Judges one body by a JSON schema, with no more work than a body of its length may take: schemas that refer to themselves would know no end.</summary>
/// <param name="settings">How.</param>
/// <param name="patterns">The patterns of the schema, by number.</param>
/// <param name="length">Characters of the body.</param>
internal sealed class BoundedValidator(JsonSchemaValidatorSettings settings, IReadOnlyList<Regex> patterns, int length) : JsonSchemaValidator(settings)
{
    private const int FreeSteps = 10_000;
    private const int StepsPerCharacter = 4;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(250);

    private long _steps = FreeSteps + (StepsPerCharacter * (long)length);
    private readonly long _begin = Stopwatch.GetTimestamp();
    private TimeSpan _inPatterns;

    /// <inheritdoc/>
    protected override ICollection<ValidationError> Validate(JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
    {
        // The library needs time in proportion to the square of an array's length when its items have schemas of several parts.
        if (--_steps < 0 || Stopwatch.GetElapsedTime(_begin) > s_time || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new CostlyBodyException("Body of the message takes too long to check against its schema.");
        }

        var errors = base.Validate(token, schema, schemaType, propertyName, propertyPath);
        if (token is JValue { Value: string text } && schema.ExtensionData?.TryGetValue(JsonSchemaText.PatternNumber, out var number) == true
            && !Matches(patterns[Convert.ToInt32(number, CultureInfo.InvariantCulture)], text))
        {
            errors.Add(new(ValidationErrorKind.PatternMismatch, propertyName, propertyPath, token, schema));
        }

        return errors;
    }

    private bool Matches(Regex pattern, string text)
    {
        var begin = Stopwatch.GetTimestamp();
        try
        {
            if (_inPatterns < s_patternTime)
            {
                var matches = pattern.IsMatch(text);
                _inPatterns += Stopwatch.GetElapsedTime(begin);
                return matches;
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw TooLong(e);
        }

        throw TooLong(null);
    }

    private static CostlyBodyException TooLong(Exception? inner) => new("Body of the message takes too long to check against the patterns of its schema.", inner);
}
