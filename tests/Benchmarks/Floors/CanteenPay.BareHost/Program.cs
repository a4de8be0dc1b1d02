// The least that a service can be: it starts, says so, and waits for its end.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
using var host = builder.Build();
host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(static () => Console.WriteLine("ready"));
await host.RunAsync();
