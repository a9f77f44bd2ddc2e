using System.Collections.ObjectModel;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>The request as expressions see it.</summary>
internal sealed class RequestView(PolicyContext policies) : IRequest
{
    private readonly BodyView _bodies = new(policies, ofResponse: false);
    private UrlView? _url;

    public IMessageBody Body => _bodies.Current!;

    public X509Certificate2? Certificate
    {
        get
        {
            // A copy: an expression may dispose what it gets.
            field ??= policies.Http.Connection.ClientCertificate is { } certificate ? X509CertificateLoader.LoadCertificate(certificate.RawData) : null;
            if (field is not null && policies.ClientChain is { } chain)
            {
                CertificateVerdicts.Note(field, chain.VouchesFor(policies.Http.Connection.ClientCertificate!, policies.Timestamp));
            }

            return field;
        }
    }

    public IReadOnlyDictionary<string, string[]> Headers => field ??= new HeaderView(policies.Http, ofResponse: false);

    public string IpAddress => field ??= ClientAddress.TextOf(policies.Http) ?? "";

    public IReadOnlyDictionary<string, string> MatchedParameters => field ??= Match();

    public string Method => policies.Http.Request.Method;

    public IUrl OriginalUrl => field ??= UrlView.OfClient(policies, policies.OriginalPath, policies.OriginalQuery);

    public IPrivateEndpointConnection? PrivateEndpointConnection => null;

    public IUrl Url => _url is not null && _url.IsOf(policies.Backend) ? _url : _url = UrlView.OfBackend(policies);

    private ReadOnlyDictionary<string, string> Match()
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in policies.TemplateParameterNames)
        {
            if (policies.TryGetMatchedParameter(name, out var value))
            {
                found[name] = value;
            }
        }

        return new(found);
    }
}
