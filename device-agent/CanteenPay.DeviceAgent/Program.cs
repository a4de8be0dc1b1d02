using CanteenPay.DeviceAgent;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Enrolment;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Supervision;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.Mqtt;
using Microsoft.Data.Sqlite;

const int Failed = 1;
const int WrongSettings = 2;

if (args is [HashPin.Option])
    return await HashPin.RunAsync(Console.In, Console.Out, Console.Error);
if (args is [AgentVersion.Option])
{
    await Console.Out.WriteLineAsync(AgentVersion.WithDatabase);
    return 0;
}

var configuration = new ConfigurationBuilder()
    .SetBasePath(AppContext.BaseDirectory)
    .AddJsonFile("appsettings.json", optional: true)
    .AddEnvironmentVariables()
    .AddCommandLine(EnrolCommand.Takes(args) ? [] : args)
    .Build();
if (EnrolCommand.Takes(args))
    return await EnrolCommand.RunAsync(args, configuration, Console.In, Console.Out, Console.Error, TimeProvider.System);
var (settings, problems) = SettingsReader.Read(configuration);
if (settings is null)
{
    await Console.Error.WriteLineAsync($"The agent cannot start; {problems.Count} of its settings must be put right:");
    foreach (var problem in problems)
        await Console.Error.WriteLineAsync($"  - {problem}");
    return WrongSettings;
}

try
{
    using var folder = StateFolder.Take(settings.StateFolder);
    using var notice = ServiceNotice.Find(Environment.GetEnvironmentVariable);
    using var telemetry = TelemetryExport.Start(settings.Telemetry, settings.DeviceId);
    var time = TimeProvider.System;
    await using var app = AgentHost.Build(settings, folder, options => new MosquittoClient(options), SpeakerChoice.Of(settings.Voice, time), time, notice);
    using var unsent = telemetry is null ? null : AgentMeters.TellUnsent(app.Services.GetRequiredService<CardTables>());
    return await AgentHost.RunAsync(app) ? 0 : Failed;
}
catch (Exception e) when (e is StateFolderException or MqttException or IOException or InvalidOperationException or SqliteException or DatabaseDamagedException)
{
    await Console.Error.WriteLineAsync($"The agent cannot run: {e.Message}");
    return Failed;
}
