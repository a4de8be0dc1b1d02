namespace CanteenPay.EndToEnd;

/// <summary>One stack for tests of which none minds what another did.</summary>
public sealed class SharedStack : IAsyncLifetime
{
    private LocalStack? _stack;

    public LocalStack Stack => _stack!;

    public async Task InitializeAsync() => _stack = await LocalStack.StartAsync();

    public async Task DisposeAsync()
    {
        if (_stack is not null)
            await _stack.DisposeAsync();
    }
}
