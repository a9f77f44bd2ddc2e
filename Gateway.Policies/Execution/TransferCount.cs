using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Execution;

/// <summary>Counts the bytes of a request's body and of its response's as they come and go.</summary>
internal sealed class TransferCount
{
    private readonly long _announced;
    private readonly CountingStream? _request;
    private readonly CountingStream _response;

    public TransferCount(HttpContext http)
    {
        _announced = http.Request.ContentLength ?? 0;
        if (http.Request.ContentLength is null)
        {
            http.Request.Body = _request = new(http.Request.Body);
        }

        http.Response.Body = _response = new(http.Response.Body);
    }

    /// <summary>The bytes so far: of a request that announces its length all of it.</summary>
    public long Bytes => _announced + (_request?.Bytes ?? 0) + _response.Bytes;

    /// <summary>Passes everything on.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        private long _bytes;

        public long Bytes => Volatile.Read(ref _bytes);

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, count);
            Count(count);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            Count(buffer.Length);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        private int Count(int count)
        {
            Interlocked.Add(ref _bytes, count);
            return count;
        }
    }
}
