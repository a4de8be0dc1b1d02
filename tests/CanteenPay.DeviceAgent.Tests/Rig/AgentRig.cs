using System.Net.Http.Json;
using System.Text.Json;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>A whole agent on a real database and a real loopback port; broker and time are the test's unless it brings its own.</summary>
internal sealed class AgentRig : IAsyncDisposable
{
    /// <summary>2468.</summary>
    private static readonly ManagerPin Pin = ManagerPin.Of("2468", iterations: 1000);

    private readonly TestFolder? ownFolder;
    private readonly StateFolder folder;
    private readonly WebApplication app;

    private AgentRig(string? path, TimeProvider time, Func<MqttOptions, IMqttClient> connect, AgentSettings? settings)
    {
        ownFolder = path is null ? new TestFolder() : null;
        Path = path ?? ownFolder!.Path;
        folder = StateFolder.Take(Path);
        app = AgentHost.Build(settings ?? Settings(Path), folder, connect, new PageSpeaker(time), time);
    }

    public string Path { get; }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public OrderStore Store => app.Services.GetRequiredService<OrderStore>();

    public T Part<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public static AgentSettings Settings(string path) => new()
    {
        DeviceId = TillRig.Device,
        MerchantId = TillRig.Merchant,
        StateFolder = path,
        Broker = new("localhost", 8883, "ca.pem", "machine.pem", "machine.key"),
        ScreenUrl = new("http://127.0.0.1:0"),
        ManagerPin = Pin,
    };

    /// <summary>What a power cut at this moment would leave on the disk: no goodbye, no last transaction.</summary>
    public TestFolder CutPower()
    {
        var cut = new TestFolder();
        foreach (var file in Directory.GetFiles(Path, "agent.*").Where(name => !name.EndsWith("-shm", StringComparison.Ordinal) && !name.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, cut.File(System.IO.Path.GetFileName(file)));
        return cut;
    }

    public static Task<AgentRig> StartAsync(FakeBroker broker, TimeProvider time, string? path = null) => StartAsync(_ => broker, time, path, null);

    public static async Task<AgentRig> StartAsync(Func<MqttOptions, IMqttClient> connect, TimeProvider time, string? path, AgentSettings? settings)
    {
        var rig = new AgentRig(path, time, connect, settings);
        await rig.app.StartAsync();
        var address = JsonDocument.Parse(await File.ReadAllBytesAsync(rig.folder.ScreenFile)).RootElement.GetProperty("url").GetString()!;
        rig.Http.BaseAddress = new(address);
        return rig;
    }

    public async Task<JsonElement> ViewAsync() => await Http.GetFromJsonAsync<JsonElement>("/view");

    public async Task<JsonElement> ViewAsync(string state)
    {
        JsonElement view = default;
        for (var tries = 0; tries < 1000; tries++)
        {
            view = await ViewAsync();
            if (view.GetProperty("state").GetString() == state)
                return view;
            await Task.Delay(10);
        }

        throw new TimeoutException($"The screen never said {state}: {view}");
    }

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/keys/{key}") { Headers = { { "X-Canteen-Key", "1" } } };
            using var response = await Http.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>A card on the page's reader; the status of the answer.</summary>
    public Task<int> PresentAsync(Protocol.CardNo card) => PostAsync($"/cards/{card.Value}/present");

    /// <summary>Posts as the page does; the status of the answer.</summary>
    public async Task<int> PostAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "X-Canteen-Key", "1" } } };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using var response = await Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>The newest order in the database, as soon as there is one that looks like this.</summary>
    public Task<Order> OrderAsync(Func<Order, bool> looks) => Eventually.GetAsync(() => Store.Newest(1) is [var order] && looks(order) ? order : null, "an order");

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
        Http.Dispose();
        ownFolder?.Dispose();
    }
}
