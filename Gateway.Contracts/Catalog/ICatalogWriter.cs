using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog;

/// <summary>
/// The way into the catalog. A stateless worker: checks shapes, compiles the policy documents that the change set
/// touches, then asks the catalog's single writer for its turn. Key: <see cref="CatalogKeys.Service"/>.
/// </summary>
[Alias("gw.ICatalogWriter")]
public interface ICatalogWriter : IGrainWithStringKey
{
    /// <summary>Commits all changes or none. Errors carry the index of their change and all are listed.</summary>
    [Alias("Submit"), ResponseTimeout("00:02:00")]
    Task<Result<ChangeSetReceipt>> Submit(ChangeSet changes, CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="Submit"/> would answer, with nothing written: the receipt has the version that the catalog has, and no resources. Without
    /// changes every policy document and fragment of the catalog is checked anew, as this version does.
    /// </summary>
    [Alias("Try"), ResponseTimeout("00:02:00")]
    Task<Result<ChangeSetReceipt>> Try(ChangeSet changes, CancellationToken cancellationToken);
}
