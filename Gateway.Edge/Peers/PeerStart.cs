using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;
using Gateway.Hosting.Tls;

namespace Gateway.Edge.Peers;

/// <summary>
/// Starts an edge that has nothing from the newest publication that another edge runs. It is checked like one that silos offer: whose key, which gateway, not older than what ran here.
/// </summary>
internal sealed partial class PeerStart(PeerOptions options, ClusterCertificates certificates, PublicationIntake intake, TimeProvider time, ILogger<PeerStart> logger)
{
    private string? _told;

    /// <summary>Why no peer helped; null while none was asked.</summary>
    public string? Reason { get; private set; }

    /// <summary>Asks all peers, and takes the newest that one of them has; nothing happens when none has any that can be taken.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        using var client = new PeerClient(options, certificates, time);
        var reasons = new List<string>();
        foreach (var offer in Newest(await OffersAsync(client, reasons, cancellationToken)))
        {
            if (await TryTakeAsync(client, offer, cancellationToken) is not { } refused)
            {
                Log.Taken(logger, offer.Manifest.Id, offer.Peer);
                return;
            }

            reasons.Add($"{offer.Peer}: {refused}");
        }

        Reason = reasons.Count == 0 ? "no peer runs anything" : $"no peer helps: {string.Join("; ", reasons)}";
        if (Reason != _told)
        {
            _told = Reason;
            Log.None(logger, Reason);
        }
    }

    private static IEnumerable<Offer> Newest(IReadOnlyCollection<Offer> offers) =>
        offers.OrderByDescending(offer => offers.Count(other => PublicationOrder.Objection(other.Manifest.Id, offer.Manifest) is null));

    private async Task<IReadOnlyCollection<Offer>> OffersAsync(PeerClient client, List<string> reasons, CancellationToken cancellationToken)
    {
        try
        {
            var asked = await Task.WhenAll((await client.ResolveAsync(cancellationToken)).Select(peer => AskAsync(client, peer, cancellationToken)));
            reasons.AddRange(asked.Select(answer => answer.Reason).OfType<string>());
            return [.. asked.Select(answer => answer.Offer).OfType<Offer>()];
        }
        catch (Exception failure) when (IsOfThePeer(failure, cancellationToken))
        {
            reasons.Add(failure.Message);
            return [];
        }
    }

    private async Task<(Offer? Offer, string? Reason)> AskAsync(PeerClient client, IPEndPoint peer, CancellationToken cancellationToken)
    {
        try
        {
            if (await client.ManifestAsync(peer, cancellationToken) is not { } signed)
            {
                return default;
            }

            var verified = intake.Verify(signed);
            return verified.IsSuccess ? (new Offer(peer, signed, verified.Value), null) : (null, $"{peer}: {verified.Errors[0].Message.TrimEnd('.')}");
        }
        catch (Exception failure) when (IsOfThePeer(failure, cancellationToken))
        {
            return (null, $"{peer}: {Say(failure)}");
        }
    }

    private async Task<string?> TryTakeAsync(PeerClient client, Offer offer, CancellationToken cancellationToken)
    {
        // Silos may be back meanwhile, so that a peer has its time and no more.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.FetchPatience);
        try
        {
            return await intake.TakePeerAsync(client.Chunks(offer.Peer), offer.Signed, offer.Manifest, bound.Token);
        }
        catch (Exception failure) when (IsOfThePeer(failure, cancellationToken))
        {
            return Say(failure);
        }
    }

    private static bool IsOfThePeer(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or SocketException or AuthenticationException or IOException or TimeoutException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Say(Exception failure) =>
        failure is OperationCanceledException ? "it does not answer in time" : (failure.InnerException ?? failure).Message.TrimEnd('.');

    private sealed record Offer(IPEndPoint Peer, SignedManifest Signed, Manifest Manifest);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Started with publication {Publication} from the peer {Peer}, because no silo answers and there is no backup.")]
        public static partial void Taken(ILogger logger, PublicationId publication, IPEndPoint peer);

        [LoggerMessage(2, LogLevel.Warning, "No start from a peer: {Reason}.")]
        public static partial void None(ILogger logger, string reason);
    }
}
