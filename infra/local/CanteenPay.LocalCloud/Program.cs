using System.Runtime.InteropServices;
using CanteenPay.LocalCloud;
using CanteenPay.LocalCloud.Composition;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.Mqtt;
using Serilog;
using Serilog.Events;

const int refused = 1, wrongCommandLine = 2;
var time = TimeProvider.System;
CloudOptions options;
try
{
    options = CommandLine.Parse(args, Directory.GetCurrentDirectory());
}
catch (LocalCloudException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return wrongCommandLine;
}

await using var log = new LoggerConfiguration()
    .MinimumLevel.Information()
    .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
    .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}", formatProvider: null)
    .CreateLogger();
using var loggers = LoggerFactory.Create(logging => logging.AddSerilog(log));
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var parent = options.ParentProcessId is { } pid ? new ParentWatch(pid, ending, time) : null;

try
{
    await using var cloud = await Cloud.StartAsync(options, time, loggers, ending.Token);
    await Console.Out.WriteLineAsync(AddressTable.Write(cloud.Addresses));
    await Task.WhenAny(cloud.Broken, Task.Delay(Timeout.Infinite, ending.Token));
    if (cloud.Broken.IsFaulted)
    {
        await cloud.Broken;
    }

    return 0;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    return 0;
}
catch (Exception exception) when (exception is LocalCloudException or FunctionsHostException or MqttException)
{
    await Console.Error.WriteLineAsync($"LocalCloud: {exception.Message}");
    return refused;
}

void End(PosixSignalContext context)
{
    // Everything is ended in order below; a second signal changes nothing.
    context.Cancel = true;
    ending.Cancel();
}
