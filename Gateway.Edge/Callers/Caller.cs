using Gateway.Edge.Models;

namespace Gateway.Edge.Callers;

/// <summary>Whether a request may call its API.</summary>
internal enum CallerVerdict
{
    /// <summary>It may.</summary>
    Admitted,

    /// <summary>It needs a key and has none.</summary>
    KeyMissing,

    /// <summary>Its key is unknown, not active, or for something else.</summary>
    KeyInvalid,
}

/// <summary>Who calls.</summary>
/// <param name="Verdict">Whether it may.</param>
/// <param name="Subscription">The subscription of the key; null without one.</param>
/// <param name="Product">The product whose policies apply; null for none.</param>
internal readonly record struct Caller(CallerVerdict Verdict, SubscriptionModel? Subscription, ProductModel? Product)
{
    /// <summary>
    /// Finds the caller. A key must be good, even on an API that is open without one; without a key an open product of the
    /// API is entered, else the API itself when it needs none.
    /// </summary>
    public static Caller Find(CallerTable callers, ApiModel api, HttpRequest request)
    {
        if (KeyReader.TryRead(api, request, out var key))
        {
            return callers.Find(key) is { } subscription && subscription.Opens(api, out var product)
                ? new Caller(CallerVerdict.Admitted, subscription, product)
                : new Caller(CallerVerdict.KeyInvalid, null, null);
        }

        return api.OpenProduct is { } open ? new Caller(CallerVerdict.Admitted, null, open)
            : api.SubscriptionRequired ? new Caller(CallerVerdict.KeyMissing, null, null)
            : new Caller(CallerVerdict.Admitted, null, null);
    }
}
