namespace CanteenPay.BankSimulator.Gateway;

/// <summary>Reads requests no further than a document may be long.</summary>
internal static class RequestBody
{
    /// <summary>The body, or null when it is too long.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        var buffer = new byte[BankXml.MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return length > BankXml.MaxBytes ? null : buffer[..length];
    }
}
