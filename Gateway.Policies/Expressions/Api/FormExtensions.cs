using System.Text;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Expressions.Api;

/// <summary>Writes forms, e.g. what <see cref="IMessageBody.AsFormUrlEncodedContent"/> gave.</summary>
public static class FormExtensions
{
    /// <summary>The values as <c>application/x-www-form-urlencoded</c>.</summary>
    public static string ToFormUrlEncodedContent(this IDictionary<string, IList<string>> values) => Write(values, '+');

    /// <summary>The values as a query, without a question mark.</summary>
    public static string ToQueryString(this IDictionary<string, IList<string>> values) => Write(values, ' ');

    private static string Write(IDictionary<string, IList<string>> values, char space)
    {
        var text = new StringBuilder();
        foreach (var (name, list) in values)
        {
            foreach (var value in list)
            {
                text.Append(text.Length == 0 ? "" : "&").Append(Escape(name, space)).Append('=').Append(Escape(value, space));
            }
        }

        return text.ToString();
    }

    private static string Escape(string? text, char space)
    {
        // A character becomes three, nine when it is beyond ASCII.
        Budget.Reserve(18L * (text?.Length ?? 0));
        var escaped = Uri.EscapeDataString(text ?? "");
        return space == '+' ? escaped.Replace("%20", "+", StringComparison.Ordinal) : escaped;
    }
}
