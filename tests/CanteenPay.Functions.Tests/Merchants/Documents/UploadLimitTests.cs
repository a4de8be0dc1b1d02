using System.IO.Pipelines;
using System.Threading.RateLimiting;
using CanteenPay.Functions.Merchants.Documents;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>Uploads cannot use up the process.</summary>
public sealed class UploadLimitTests
{
    private const int AtOnce = 8;
    private const int Waiting = 24;

    [Fact]
    public async Task So_many_go_in_at_once_so_many_wait_and_the_next_is_turned_away()
    {
        using var gate = new UploadGate();
        var inside = new List<RateLimitLease>();
        for (var upload = 0; upload < AtOnce; upload++)
            inside.Add(await gate.EnterAsync(CancellationToken.None));
        var waiting = Enumerable.Range(0, Waiting).Select(_ => gate.EnterAsync(CancellationToken.None).AsTask()).ToList();

        using var next = await gate.EnterAsync(CancellationToken.None);

        next.IsAcquired.ShouldBeFalse();
        inside.ShouldAllBe(place => place.IsAcquired);
        waiting.ShouldAllBe(place => !place.IsCompleted);
        inside[0].Dispose();
        (await waiting[0].WaitAsync(TimeSpan.FromSeconds(10))).IsAcquired.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_told_so()
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = "image/jpeg";
        http.Request.Body = new Pipe().Reader.AsStream();

        var (picture, refusal) = await new DocumentUpload(new FakeClock(World.Noon)).TakeAsync(http.Request, CancellationToken.None);

        picture.ShouldBeNull();
        refusal.ShouldBeAssignableTo<IStatusCodeHttpResult>()!.StatusCode.ShouldBe(StatusCodes.Status408RequestTimeout);
    }

    [Fact]
    public async Task Who_hangs_up_ends_the_reading()
    {
        using var gone = new CancellationTokenSource();
        var http = new DefaultHttpContext();
        http.Request.ContentType = "image/jpeg";
        http.Request.Body = new Pipe().Reader.AsStream();
        var taking = new DocumentUpload(TimeProvider.System).TakeAsync(http.Request, gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => taking.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
