using System.Text;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Context;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Execution;

/// <summary>The body of a request or a response as policies transform it: in memory, within the gateway's bound, without its content encoding.</summary>
internal sealed class PlainBody
{
    private const int ChunkSize = 16 * 1024;

    private readonly PolicyContext _context;
    private readonly bool _ofResponse;

    private PlainBody(PolicyContext context, bool ofResponse, ReadOnlyMemory<byte> bytes) =>
        (_context, _ofResponse, Bytes) = (context, ofResponse, bytes);

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The content type; null without one.</summary>
    public string? ContentType => Headers(_context, _ofResponse).ContentType;

    /// <summary>The charset that the content type names; UTF-8 when it names none that is known.</summary>
    public Encoding Charset => BodyText.Charset(ContentType);

    /// <summary>The bytes as text.</summary>
    public string Text
    {
        get
        {
            using var reader = new StreamReader(BodyChanges.Open(Bytes), Charset, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ofResponse">True for the response's.</param>
    /// <param name="policy">The policy's name, for errors.</param>
    /// <returns>Null when there is none, and for a connection that switches its protocol.</returns>
    /// <exception cref="BodyTooLongException">It is longer than the bound, also once it is decompressed.</exception>
    /// <exception cref="PolicyException">Its content encoding is not known or not kept to.</exception>
    public static async ValueTask<PlainBody?> ReadAsync(PolicyContext context, bool ofResponse, string policy)
    {
        await BodyLoader.LoadAsync(context, ofResponse ? BodyUse.Response : BodyUse.Request, policy);
        var bytes = (ofResponse ? context.Expressions.ResponseBody : context.RequestBody).GetValueOrDefault();
        if (bytes.IsEmpty)
        {
            return null;
        }

        var encoding = Headers(context, ofResponse).ContentEncoding.ToString().Trim();
        return new(context, ofResponse, ContentCoding.IsPlain(encoding)
            ? bytes
            : await DecodeAsync(bytes, encoding, context.BodyLimit, policy));
    }

    /// <summary>Puts another body in its place.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its type; null keeps the one there is.</param>
    public async ValueTask ReplaceAsync(ReadOnlyMemory<byte> body, string? contentType = null)
    {
        if (_ofResponse)
        {
            await BodyChanges.ReplaceResponseAsync(_context, body);
        }
        else
        {
            BodyChanges.ReplaceRequest(_context, body);
        }

        var headers = Headers(_context, _ofResponse);
        headers.Remove(HeaderNames.ContentEncoding);
        if (contentType is not null)
        {
            headers.ContentType = contentType;
        }
    }

    private static IHeaderDictionary Headers(PolicyContext context, bool ofResponse) =>
        ofResponse ? context.Http.Response.Headers : context.Http.Request.Headers;

    private static async ValueTask<ReadOnlyMemory<byte>> DecodeAsync(ReadOnlyMemory<byte> bytes, string encoding, int limit, string policy)
    {
        await using var decoder = ContentCoding.Reader(BodyChanges.Open(bytes), encoding)
            ?? throw BodyFailures.Unreadable(policy, "The body has a content encoding that the gateway cannot read: gzip, br and deflate are known.");
        var plain = new MemoryStream();
        var chunk = new byte[ChunkSize];
        try
        {
            int count;
            while ((count = await decoder.ReadAsync(chunk)) > 0)
            {
                if (plain.Length + count > limit)
                {
                    throw new BodyTooLongException(BodyFailures.Unreadable(policy, $"The decompressed body is longer than the {limit} bytes that policies can read.").Error, limit);
                }

                plain.Write(chunk, 0, count);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or InvalidOperationException)
        {
            throw BodyFailures.Unreadable(policy, "The body does not keep to its content encoding.", e);
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
