using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Caching;

/// <summary>Bytes that grow in a borrowed array. <see cref="Dispose"/> gives it back.</summary>
internal sealed class PooledBytes(int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; until the next one is added.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Add(byte number) => Take(1)[0] = number;

    public void Add(int number) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), number);

    public void Add(long number) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), number);

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>A text with its length before it; null is not the same as an empty one.</summary>
    public void Add(string? text)
    {
        if (text is null)
        {
            Add(-1);
            return;
        }

        Add(text.AsSpan());
    }

    /// <summary>A text with its length, in bytes of UTF-8, before it.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Add(count);
        Encoding.UTF8.GetBytes(text, Take(count));
    }

    /// <summary>Texts with their number before them.</summary>
    public void Add(StringValues texts)
    {
        Add(texts.Count);
        foreach (var text in texts)
        {
            Add(text);
        }
    }

    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var more = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, Length + count));
            Written.CopyTo(more);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = more;
        }

        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}
