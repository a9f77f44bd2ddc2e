using System.Text;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Runtime;
using Gateway.Policies.Policies.Transformation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// A response as bytes: its status, its reason, its headers but those of the connection, and its body. What is read is a response of its own, as
/// <c>send-request</c> would have given it.
/// </summary>
internal static class CachedResponse
{
    /// <summary>The bytes. Runs on the budget of an expression.</summary>
    /// <param name="kind">The byte that they begin with.</param>
    /// <param name="response">The response, whose body stays.</param>
    public static ReadOnlyMemory<byte> Write(byte kind, IResponse response)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(kind);
        writer.Write(response.StatusCode);
        writer.Write(response.StatusReason ?? "");
        var headers = response.Headers.Where(header => !HeaderText.IsOfConnection(header.Key)).ToArray();
        writer.Write(headers.Length);
        foreach (var (name, values) in headers)
        {
            writer.Write(name);
            writer.Write(values.Length);
            foreach (var value in values)
            {
                Budget.Reserve(2L * value.Length);
                writer.Write(value);
            }
        }

        writer.Write(response.Body?.As<byte[]>(preserveContent: true) ?? []);
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }

    /// <summary>The response of bytes, without the one that they begin with. Runs on the budget of an expression.</summary>
    /// <exception cref="FormatException">They are no response.</exception>
    public static IResponse Read(ReadOnlySpan<byte> content)
    {
        Budget.Reserve(2L * content.Length);
        using var reader = new BinaryReader(new MemoryStream(content.ToArray()), Encoding.UTF8);
        try
        {
            var (status, reason, headers) = (reader.ReadInt32(), reader.ReadString(), new HeaderDictionary());
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var name = reader.ReadString();
                for (var values = reader.ReadInt32(); values > 0; values--)
                {
                    headers.Append(name, HeaderCoding.Encode(reader.ReadString()));
                }
            }

            return new CallResponse(status, reason, headers, reader.ReadBytes(content.Length));
        }
        catch (Exception failure) when (failure is EndOfStreamException or IOException)
        {
            throw new FormatException("The cached value is no response.", failure);
        }
    }
}
