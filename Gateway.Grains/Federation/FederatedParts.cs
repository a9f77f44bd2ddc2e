using System.Text;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Federation;

/// <summary>
/// Makes of built parts what a hub gives to a site: with the texts of the expressions in place of programs, because a site takes IL from nobody.
/// </summary>
/// <param name="key">The hub's: salts parts, so that their SHA-256 does not tell whether a guess of their content is right.</param>
internal sealed class FederatedParts(PublicationKey key) : IPartFinisher
{
    /// <inheritdoc />
    public IReadOnlyList<int> Abis => [];

    /// <inheritdoc />
    public Task<Result<IReadOnlyList<ProjectedPart>>> FinishAsync(IReadOnlyDictionary<PartKey, BuiltPart> built, IReadOnlyList<int> wanted) =>
        Task.FromResult(new Result<IReadOnlyList<ProjectedPart>> { Value = [.. built.Select(part => new ProjectedPart(part.Key, Wrap(part.Value)))] });

    private byte[]? Wrap(BuiltPart part)
    {
        if (part.Plain is null)
        {
            return null;
        }

        var salt = key.NameOf([.. Encoding.UTF8.GetBytes($"federation\n{part.Program?.Key}\n"), .. part.Plain]);
        return new FederatedPart(salt, part.Program?.Key, part.Program?.Slots ?? [], part.Plain).ToBytes();
    }
}
