using System.Net;
using System.Net.Http.Headers;
using Gateway.Contracts.Backups;
using Gateway.Contracts.Results;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Backups;

public sealed class BackupTests : ManagementFixture
{
    [Fact]
    public async Task Backup_IsAFile()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{ManagementServer.Service}/backup?api-version=2024-05-01");
        using var response = await Server.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "application/octet-stream"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal(new byte[] { 1, 2, 3 }, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("", 200, """{"lineage":"L2","version":9,"resources":3,"madeAt":"2026-01-02T03:04:05+00:00"}""")]
    [InlineData("&replace=true", 200, """{"lineage":"L2","version":9,"resources":4,"madeAt":"2026-01-02T03:04:05+00:00"}""")]
    [InlineData("&replace=maybe", 400, "replace")]
    public async Task Restore_TakesTheBodyAsItIs(string query, int status, string answer)
    {
        using var content = new ByteArrayContent([0xff, 0, 7]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{ManagementServer.Service}/restore?api-version=2024-05-01{query}") { Content = content };

        var reply = await Server.SendAsync(request);

        Assert.Equal(status, reply.Status);
        Assert.Contains(answer, reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/backup")]
    [InlineData("/restore")]
    public async Task Get_IsNotAllowed(string path) => Assert.Equal(405, (await Server.SendAsync("GET", path)).Status);

    protected override Task<IGrainFactory> GrainsAsync()
    {
        Catalog.Backup = new MemoryBackup();
        return base.GrainsAsync();
    }

    internal sealed class MemoryBackup
    {
        public Task<Result<BackupFile>> Make(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult<Result<BackupFile>>(new BackupFile([1, 2, 3]));
        }

        public Task<Result<RestoreReceipt>> Restore(BackupFile file, bool replace) =>
            Task.FromResult<Result<RestoreReceipt>>(new RestoreReceipt("L2", 9, file.Content.Length + (replace ? 1 : 0), new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
    }
}
