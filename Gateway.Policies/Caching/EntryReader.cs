using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Caching;

/// <summary>Reads what <see cref="PooledBytes"/> wrote. What is not of that form, whoever put it into a store, fails the reading and nothing else.</summary>
internal ref struct EntryReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>The bytes that are left.</summary>
    public readonly int Left => _left.Length;

    public bool TryByte(out byte number)
    {
        number = _left.IsEmpty ? (byte)0 : _left[0];
        return Skip(1);
    }

    public bool TryInt(out int number) => BinaryPrimitives.TryReadInt32LittleEndian(_left, out number) && Skip(sizeof(int));

    public bool TryLong(out long number) => BinaryPrimitives.TryReadInt64LittleEndian(_left, out number) && Skip(sizeof(long));

    /// <summary>A moment.</summary>
    public bool TryTime(out DateTimeOffset time)
    {
        time = default;
        if (!TryLong(out var ticks) || ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        time = new(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>A text; false for none.</summary>
    public bool TryText(out string text)
    {
        text = "";
        if (!TryInt(out var count) || count < 0 || count > _left.Length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(_left[..count]);
        return Skip(count);
    }

    /// <summary>Texts.</summary>
    public bool TryTexts(out StringValues texts)
    {
        texts = default;
        if (!TryInt(out var count) || count < 0 || count > _left.Length / sizeof(int))
        {
            return false;
        }

        var read = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryText(out read[i]))
            {
                return false;
            }
        }

        texts = count == 1 ? new(read[0]) : new(read);
        return true;
    }

    private bool Skip(int count)
    {
        if (count > _left.Length)
        {
            return false;
        }

        _left = _left[count..];
        return true;
    }
}
