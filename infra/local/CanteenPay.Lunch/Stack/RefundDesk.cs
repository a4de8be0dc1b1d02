using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using CanteenPay.Lunch.Diners;

namespace CanteenPay.Lunch.Stack;

/// <summary>The office that gives money back: asks until the answer is definite, always with the same key, and remembers what it asked for.</summary>
internal sealed class RefundDesk(HttpClient http, Uri functions, TimeProvider time)
{
    private const int Tries = 12;
    private const string Reason = "退餐 returned meal";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<RefundAsked> _asked = new();

    /// <summary>Everything that was asked for.</summary>
    public IReadOnlyCollection<RefundAsked> Asked => _asked;

    /// <summary>Asks for a refund.</summary>
    public async Task AskAsync(string orderId, RefundWish wish, CancellationToken cancellationToken)
    {
        var key = $"lunch-{orderId}";
        var answer = await UntilDefiniteAsync(orderId, key, wish, cancellationToken);
        if (wish.PressedTwice && await UntilDefiniteAsync(orderId, key, wish, cancellationToken) == RefundAnswer.Accepted)
            answer = RefundAnswer.Accepted;
        _asked.Enqueue(new(orderId, wish.Amount.Value, answer));
    }

    private async Task<RefundAnswer> UntilDefiniteAsync(string orderId, string key, RefundWish wish, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var answer = await OnceAsync(orderId, key, wish, cancellationToken);
            if (answer is not RefundAnswer.Unknown)
                return answer;
            var pause = TimeSpan.FromMilliseconds(250) * Math.Pow(2, attempt);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
        }

        return RefundAnswer.Unknown;
    }

    private async Task<RefundAnswer> OnceAsync(string orderId, string key, RefundWish wish, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(functions, $"/api/orders/{orderId}/refunds"));
            request.Headers.Add("Idempotency-Key", key);
            request.Content = JsonContent.Create(new RefundRequest(wish.Amount.Value, Reason), LunchJson.Default.RefundRequest);
            using var response = await http.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted => RefundAnswer.Accepted,
                HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => RefundAnswer.NoSuchOrder,
                HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => RefundAnswer.Refused,
                _ => RefundAnswer.Unknown,
            };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return RefundAnswer.Unknown;
        }
    }
}

/// <summary>Body of <c>POST /api/orders/{id}/refunds</c>; fen.</summary>
internal sealed record RefundRequest(long Amount, string Reason);

/// <summary>A refund that was asked for, in fen, and what came of the asking.</summary>
internal sealed record RefundAsked(string OrderId, long Amount, RefundAnswer Answer);

/// <summary>What came of asking for a refund.</summary>
internal enum RefundAnswer
{
    /// <summary>It will be made.</summary>
    Accepted,

    /// <summary>It will not be made.</summary>
    Refused,

    /// <summary>The function app knows no such order, or no refunds.</summary>
    NoSuchOrder,

    /// <summary>No definite answer in many tries.</summary>
    Unknown,
}
