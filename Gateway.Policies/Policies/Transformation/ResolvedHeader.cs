using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>What <c>set-header</c> does to the headers of one request.</summary>
internal readonly record struct ResolvedHeader(string Name, HeaderAction Action, StringValues Values)
{
    public void Apply(IHeaderDictionary headers)
    {
        switch (Action)
        {
            case HeaderAction.Delete:
                headers.Remove(Name);
                break;
            case HeaderAction.Skip when headers.ContainsKey(Name):
                break;
            case HeaderAction.Append when headers.TryGetValue(Name, out var present) && present.Count > 0:
                headers[Name] = HeaderText.StaysSeparate(Name)
                    ? StringValues.Concat(present, Values)
                    : string.Join(',', [.. present, .. Values]);
                break;
            default:
                headers[Name] = Values;
                break;
        }
    }
}
