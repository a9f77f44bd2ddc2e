using System.Text;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Policies.Expressions.Context;

/// <summary>A body in memory.</summary>
internal sealed class MessageBody(ReadOnlyMemory<byte> bytes, IHeaderDictionary headers, Action take) : IMessageBody
{
    private const int PairCost = 16;

    // Kept, as the headers may describe another body when this one is read.
    private readonly string _encoding = headers.ContentEncoding.ToString().Trim();
    private readonly Encoding _charset = BodyText.Charset(headers.ContentType);
    private bool _isTaken;

    /// <summary>True while this is what a message holds: these very bytes, or nothing after it was taken away.</summary>
    public bool IsOf(ReadOnlyMemory<byte> current) => _isTaken ? current.IsEmpty : bytes.Equals(current);

    public T As<T>(bool preserveContent = false)
    {
        EnsureHere();
        var value = BodyText.Read<T>(typeof(T) == typeof(byte[]) ? bytes : Plain(), _charset);
        Leave(preserveContent);
        return value;
    }

    public IDictionary<string, IList<string>> AsFormUrlEncodedContent(bool preserveContent = false)
    {
        EnsureHere();
        var values = new Dictionary<string, IList<string>>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(BodyText.Read<string>(Plain(), _charset)))
        {
            // A body of ampersands is many small objects.
            Budget.Spend(PairCost);
            var name = pair.DecodeName().ToString();
            if (!values.TryGetValue(name, out var list))
            {
                values.Add(name, list = []);
            }

            list.Add(pair.DecodeValue().ToString());
        }

        Leave(preserveContent);
        return values;
    }

    private void EnsureHere()
    {
        if (_isTaken)
        {
            throw new InvalidOperationException("The body was taken away when it was read; to read it again, the first read must preserve its content.");
        }
    }

    private ReadOnlyMemory<byte> Plain() => ContentCoding.Decode(bytes, _encoding);

    private void Leave(bool preserveContent)
    {
        // Of nothing there is nothing to take.
        if (!preserveContent && !bytes.IsEmpty)
        {
            _isTaken = true;
            take();
        }
    }
}
