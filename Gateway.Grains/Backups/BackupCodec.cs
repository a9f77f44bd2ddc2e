using System.IO.Compression;
using System.Text;
using Gateway.Contracts.Backups;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Backups;

/// <summary>
/// Between a backup and its file: a line that names the format, then everything else compressed and sealed as a whole, so that a file that was cut
/// short or altered is noticed before any of it is used.
/// </summary>
internal sealed class BackupCodec(CatalogOptions options)
{
    private const int Schema = 1;

    private static readonly byte[] _mark = "gateway catalog backup\n"u8.ToArray();
    private static readonly byte[] _associated = "catalog-backup"u8.ToArray();

    private readonly SecretBox _box = options.SiteKey.Box("catalog-backup");

    /// <summary>The file of a backup; an error when it would be too large.</summary>
    public Result<BackupFile> Write(CatalogBackup backup)
    {
        using var packed = new MemoryStream();
        using (var compressed = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new BinaryWriter(compressed, Encoding.UTF8))
        {
            writer.Write(Schema);
            writer.Write(backup.ServiceId);
            writer.Write(backup.MadeAt.UtcTicks);
            Write(writer, backup.Lineage.ToBytes());
            writer.Write(backup.Version);
            Write(writer, backup.SigningKey ?? []);
            writer.Write(backup.Records.Count);
            foreach (var record in backup.Records)
            {
                writer.Write(record.Id);
                Write(writer, record.ToBytes());
            }
        }

        var length = _mark.Length + packed.Length + SecretBox.Overhead;
        return length <= BackupFile.MaximumLength
            ? new BackupFile([.. _mark, .. _box.Seal(packed.GetBuffer().AsSpan(0, (int)packed.Length), _associated)])
            : new GatewayError(ErrorKind.RequestTooLarge, $"The backup has {length} bytes, at most {BackupFile.MaximumLength} are possible. Back up the files of the state store instead.");
    }

    /// <summary>The backup in a file, when it is whole and of this installation.</summary>
    public Result<CatalogBackup> Read(BackupFile file)
    {
        if (!file.Content.AsSpan().StartsWith(_mark))
        {
            return Refused("The file is no backup of a catalog.");
        }

        var opened = _box.Open(file.Content.AsSpan(_mark.Length), _associated);
        if (!opened.IsSuccess)
        {
            return Refused($"The backup cannot be opened: {opened.Errors[0].Message}");
        }

        try
        {
            using var reader = new BinaryReader(new BrotliStream(new MemoryStream(opened.Value), CompressionMode.Decompress), Encoding.UTF8);
            var schema = reader.ReadInt32();
            if (schema > Schema)
            {
                return Refused($"The backup has schema {schema}; this program knows schemas up to {Schema}. Restore it with the version that made it, or a later one.");
            }

            var backup = Read(reader);
            return backup.ServiceId == options.ServiceId
                ? backup
                : Refused($"The backup is of the installation '{backup.ServiceId}' (Gateway:ServiceId), this one is '{options.ServiceId}'.");
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return Refused($"The backup cannot be read: {damaged.Message}");
        }
    }

    private static CatalogBackup Read(BinaryReader reader)
    {
        var (service, ticks, lineage, version, key) = (reader.ReadString(), reader.ReadInt64(), ReadBytes(reader), reader.ReadInt64(), ReadBytes(reader));
        var records = new List<CatalogRecord>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            records.Add(CatalogRecord.FromBytes(reader.ReadString(), ReadBytes(reader)));
        }

        return new CatalogBackup
        {
            ServiceId = service,
            MadeAt = new DateTimeOffset(ticks, TimeSpan.Zero),
            Lineage = LineageRecord.FromBytes(lineage),
            Version = version,
            SigningKey = key.Length == 0 ? null : key,
            Records = records,
        };
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var bytes = new byte[reader.Read7BitEncodedInt()];
        reader.BaseStream.ReadExactly(bytes);
        return bytes;
    }

    private static GatewayError Refused(string message) => new(ErrorKind.ValidationError, message);
}
