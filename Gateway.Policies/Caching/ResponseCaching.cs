using System.Globalization;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Caching;

/// <summary>What one request has to do with the cache of responses: it looks for one, and when there is none it may leave the one that it gets.</summary>
internal sealed class ResponseCaching
{
    private const int LongestGuess = 64 * 1024;

    private readonly PolicyContext _context;
    private readonly LookupTerms _terms;
    private readonly ResponseKey _key;
    private readonly IResponseCache _cache;
    private readonly Refilling _refilling;
    private KeyValuePair<string, StringValues>[] _asked = [];
    private KeyValuePair<string, StringValues>[] _own = [];
    private CachedResponse? _hit;
    private ResponseRecorder? _recorder;
    private ReadOnlyMemory<byte>? _madeBody;
    private CachedVariants? _variants;
    private ResponseKey? _missing;
    private RefillOutcome _outcome = RefillOutcome.NeverKept;
    private Task<bool>? _stored;
    private long? _epoch;

    private ResponseCaching(PolicyContext context, LookupTerms terms)
    {
        (_context, _terms, _cache) = (context, terms, context.Responses);
        _key = RequestKeys.Of(context, terms);
        _refilling = new(context, terms.Type);
    }

    /// <summary>What came of the look-up.</summary>
    public CacheResult Result { get; private set; } = CacheResult.Miss;

    /// <summary>The bytes of the response that this request has left; 0 for none.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Looks for a response, and makes it the answer when there is one.</summary>
    public static async ValueTask LookUpAsync(PolicyContext context, LookupTerms terms)
    {
        var caching = new ResponseCaching(context, terms);
        context.Caching?.End();
        context.Caching = caching;
        var found = await caching.FindOrWaitAsync();
        context.Responses.Note(terms.Type, caching._key, context, found is not null);
        if (found is { } hit)
        {
            caching.Answer(hit);
        }
        else
        {
            caching._asked = [.. context.Http.Request.Headers];
            caching.NoteOwnHeaders();
        }
    }

    /// <summary>Notes what policies have set in the response before the backend answers.</summary>
    public void NoteOwnHeaders() => _own = [.. _context.Http.Response.Headers];

    /// <summary>The response, as it is now, is to be kept.</summary>
    /// <param name="life">How long.</param>
    /// <param name="staleLife">How long after that it may be used while another is made.</param>
    /// <param name="anyStatus">False: only one of 200.</param>
    public void Record(TimeSpan life, TimeSpan staleLife, bool anyStatus)
    {
        var response = _context.Http.Response;
        if (_hit is not null || _recorder is not null || _epoch is not { } epoch || !Storability.AsksForTheWhole(_context)
            || _context.Exchange is { IsUpgrade: true } || !Storability.MayBeKept(response, anyStatus, out var isPrivate) || (isPrivate && !_terms.AllowPrivate)
            || response.ContentLength > _cache.MaximumEntryBytes || !TryChooseVariants(isPrivate, out var names))
        {
            return;
        }

        var now = _context.Time.GetUtcNow();
        var fresh = Later(now, life);
        var entry = new EntryHead(epoch, now, fresh, Later(fresh, staleLife));
        _ = long.TryParse(response.Headers.Age.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var age);
        var bySubscription = isPrivate && !_terms.VaryBySubscription;
        _variants = names.Count > 0 || bySubscription ? CachedVariants.Make([.. names], bySubscription, entry) : null;
        // What a backend announces costs nothing before it comes.
        var head = new PooledBytes(1024 + (int)Math.Min(response.ContentLength ?? 0, LongestGuess));
        CachedResponse.WriteHead(head, entry, response.StatusCode, TimeSpan.FromSeconds(Math.Min(age, int.MaxValue)), KeptHeaders.Of(response.Headers, _own));
        _recorder = new(_cache, head);
        _madeBody = _context.ResponseBody;
        Downstream.SetOn(response.Headers, _terms, life);
    }

    /// <summary>Sends the response, and keeps it when that was wanted and it is whole.</summary>
    /// <param name="send">Sends it.</param>
    public ValueTask SendAsync(Func<PolicyContext, ValueTask> send)
    {
        if (_recorder is { } recorder)
        {
            return RecordAsync(recorder, send);
        }

        if (_hit is { } hit && _context.ResponseBody is { } body && body.Equals(hit.Body))
        {
            PartOfResponse.Choose(_context, body);
        }

        return send(_context);
    }

    /// <summary>Lets go of what was taken down: the request has failed.</summary>
    public void Abandon()
    {
        _outcome = RefillOutcome.NotMade;
        _recorder?.Dispose();
        _recorder = null;
    }

    /// <summary>The request is through: who waits for its response finds it, or does without.</summary>
    public void End()
    {
        _recorder?.Dispose();
        _refilling.End(_outcome, _stored);
    }

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) => by < DateTimeOffset.MaxValue - time ? time + by : DateTimeOffset.MaxValue;

    /// <summary>Finds a response, if need be one that another request is about to leave.</summary>
    private async ValueTask<CachedResponse?> FindOrWaitAsync()
    {
        for (var isAnew = false; ; isAnew = true)
        {
            var found = await FindAsync(isAnew);
            if (found is not null && found.Fresh >= _context.Time.GetUtcNow())
            {
                _refilling.End(RefillOutcome.NotMade);
                return found;
            }

            if (_epoch is not null && _missing is { } key && Storability.AsksForTheWhole(_context))
            {
                var step = await _refilling.NextAsync(key, hasOld: found is not null);
                if (step == RefillStep.Look)
                {
                    continue;
                }

                found = step == RefillStep.UseOld ? found : null;
            }

            Result = found is null ? CacheResult.Miss : CacheResult.Stale;
            return found;
        }
    }

    private async ValueTask<CachedResponse?> FindAsync(bool isAnew)
    {
        _missing = _key;
        var found = await _context.WaitForAsync(_cache.FindAsync(_terms.Type, _key, _context.Api?.Id, _context.Operation?.Id, isAnew));
        _epoch = found.Epoch;
        if (found.Entry is CachedVariants variants)
        {
            var headers = _context.Http.Request.Headers;
            _missing = RequestKeys.OfVariant(_key, variants, name => headers[name], _context.Subscription?.Id);
            found = await _context.WaitForAsync(_cache.FindAsync(_terms.Type, _missing, _context.Api?.Id, _context.Operation?.Id, isAnew));
        }

        if (found.Entry is not CachedResponse response)
        {
            return null;
        }

        Result = found.Result;
        return response;
    }

    private void Answer(CachedResponse hit)
    {
        var response = _context.Http.Response;
        _hit = hit;
        response.StatusCode = hit.Status;
        foreach (var (name, values) in hit.Headers)
        {
            // What a policy before the look-up set stays, as it stays when a backend answers.
            if (!response.Headers.ContainsKey(name))
            {
                response.Headers[name] = values;
            }
            else if (name.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase))
            {
                response.Headers.Append(name, values);
            }
        }

        var age = hit.AgeAtFirst + (_context.Time.GetUtcNow() - hit.Stored);
        response.Headers.Age = Math.Max(0, (long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        Downstream.SetOn(response.Headers, _terms, hit.Fresh - hit.Stored);
        _context.ResponseBody = hit.Body;
        _context.IsSkipping = true;
    }

    /// <summary>What of a request chooses among the responses under its key, as the backend says and as is safe.</summary>
    /// <returns>False when it cannot be known before the backend is asked: policies change it after the look-up.</returns>
    private bool TryChooseVariants(bool isPrivate, out SortedSet<string> names)
    {
        var (request, response) = (_context.Http.Request.Headers, _context.Http.Response);
        names = Storability.VaryOf(KeptHeaders.Vary(response.Headers, _own));
        if (response.Headers.AccessControlAllowOrigin is { Count: > 0 } origin && origin.ToString() != "*" && !KeptHeaders.Find(_own, HeaderNames.AccessControlAllowOrigin, out _))
        {
            names.Add("origin");
        }

        if (isPrivate || (KeptHeaders.Find(_asked, HeaderNames.Authorization, out _) && !Storability.IsForEverybody(response)))
        {
            names.Add("authorization");
        }

        if (isPrivate)
        {
            names.Add("cookie");
        }

        return names.All(name => Asked(name).Equals(request[name]));
    }

    private StringValues Asked(string name) => KeptHeaders.Find(_asked, name, out var values) ? values : default;

    private async ValueTask RecordAsync(ResponseRecorder recorder, Func<PolicyContext, ValueTask> send)
    {
        using (recorder)
        {
            // Kept is what there was when it was to be kept. A later policy may have put another body in the place of the backend's, having read that or not.
            if ((_madeBody ?? _context.Expressions.LoadedBody) is { } body)
            {
                recorder.Add(body.Span);
                await send(_context);
                Keep(recorder);
            }
            else if (_context is { ResponseBody: null, Exchange: not null })
            {
                await SendAndRecordAsync(recorder, send);
                Keep(recorder);
            }
            else
            {
                await send(_context);
            }
        }

        _recorder = null;
    }

    private async ValueTask SendAndRecordAsync(ResponseRecorder recorder, Func<PolicyContext, ValueTask> send)
    {
        var response = _context.Http.Response;
        var (client, announced) = (response.Body, response.ContentLength);
        response.Body = new TeeStream(client, recorder);
        try
        {
            await send(_context);
        }
        finally
        {
            response.Body = client;
        }

        if (announced is { } length && length != recorder.BodyLength)
        {
            recorder.Dispose();
        }
    }

    private void Keep(ResponseRecorder recorder)
    {
        if (recorder.End() is not { } response)
        {
            return;
        }

        _outcome = RefillOutcome.Kept;
        KeptBytes = response.Bytes.Length;
        _stored = _variants is { } variants ? StoreVariantAsync(response, variants) : _cache.Store(_terms.Type, _key, response);
    }

    private async Task<bool> StoreVariantAsync(CachedResponse response, CachedVariants variants)
    {
        var stored = _cache.Store(_terms.Type, RequestKeys.OfVariant(_key, variants, Asked, _context.Subscription?.Id), response);
        return await _cache.Store(_terms.Type, _key, variants) & await stored;
    }
}
