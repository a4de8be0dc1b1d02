using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.Local;

namespace CanteenPay.EndToEnd;

/// <summary>
/// The whole of CanteenPay as <c>infra/local/run.sh</c> starts it: broker, storage, queues, function app as published, bank and a machine, on free ports and
/// in a folder of its own.
/// </summary>
public sealed class LocalStack : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>A test asks more in a second than people do, all as one of them.</summary>
    private static readonly string[] Hasty = ["--app-setting", "RateLimits__RequestsPerSecond=1000", "--app-setting", "RateLimits__Burst=10000"];

    private readonly string _functionApp;
    private readonly string[] _arguments;
    private readonly string _state;
    private readonly StackOutput _output = new();
    private Process _process;
    private string _directory = "";
    private string _clientId = "";
    private bool _signedIn;
    private bool _started;
    private bool _killed;

    private LocalStack(string state, string functionApp, IEnumerable<string> arguments)
    {
        (_state, _functionApp, _arguments) = (state, functionApp, [.. arguments]);
        _process = NewProcess(_arguments);
    }

    private Process NewProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Repository.LocalCloud)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["--app", _functionApp, "--state", _state, "--ephemeral", "--parent-pid", $"{Environment.ProcessId}", .. Hasty, .. arguments])
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        return process;
    }

    /// <summary>Whoever calls by this is, at the function app, the platform's operator.</summary>
    public HttpClient Http { get; private set; } = new() { Timeout = RequestLimit };

    public Uri Status { get; private set; } = null!;

    public Uri Functions { get; private set; } = null!;

    /// <summary>The bank that LocalCloud runs, if it runs one.</summary>
    public Uri Bank { get; private set; } = null!;

    /// <summary>The machine's screen, if there is only one.</summary>
    public Uri Screen { get; private set; } = null!;

    /// <summary>Where each program is, by name.</summary>
    public IReadOnlyDictionary<string, Uri> Programs { get; private set; } = null!;

    /// <summary>How the tables are reached, counted.</summary>
    public string TablesConnectionString { get; private set; } = "";

    /// <summary>Where the broker listens.</summary>
    public int MqttPort { get; private set; }

    /// <summary>Where the folder with the machines' certificates is.</summary>
    public string Certificates => Path.Combine(_state, "certificates");

    /// <summary>Where somebody signs in, for an app on this machine that asks for a code.</summary>
    public Uri SignInPage => new(
        $"{_directory}/oauth2/v2.0/authorize?client_id={_clientId}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A1%2F&scope=openid"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");

    public string StateFolder => _state;

    /// <summary>What LocalCloud's walk kept: ids that the product drew, by the names of the configuration.</summary>
    public IReadOnlyDictionary<string, string> Kept { get; private set; } = null!;

    /// <summary>The merchant of the demonstration.</summary>
    public string Merchant => Kept["merchant"];

    /// <summary>Its first machine, which runs.</summary>
    public string Machine => Kept["machine1"];

    /// <summary>A client that is signed in as somebody.</summary>
    public HttpClient As(string persona) => new(SignIn(persona)) { Timeout = RequestLimit };

    /// <summary>A bearer token of somebody.</summary>
    public async Task<string> TokenAsync(string persona)
    {
        using var signIn = SignIn(persona);
        return await signIn.TokenAsync(CancellationToken.None);
    }

    public static async Task<LocalStack> StartAsync(string? functionApp = null, params IEnumerable<string> arguments)
    {
        var state = Directory.CreateTempSubdirectory("canteenpay-").FullName;
        var stack = new LocalStack(state, functionApp ?? Repository.FunctionApp, arguments);
        try
        {
            await stack.StartAsync();
            return stack;
        }
        catch (Exception failure)
        {
            await stack.DisposeAsync();
            throw new InvalidOperationException($"The local stack did not start. LocalCloud said:\n{stack.Output}", failure);
        }
    }

    public async Task<JsonNode> StatusAsync() => JsonNode.Parse(await Http.GetStringAsync(new Uri(Status, "/status.json")))!;

    public async Task PostAsync(Uri address)
    {
        using var response = await Http.PostAsync(address, content: null);
        response.EnsureSuccessStatusCode();
    }

    public Task HoldAsync(string queue) => PostAsync(new Uri(Status, $"/queues/{queue}/hold"));

    public async Task SwitchNotificationsAsync(bool enabled)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { enabled }), Encoding.UTF8, "application/json");
        using var response = await Http.PutAsync(new Uri(Bank, "/control/notifications"), body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How often a function was invoked.</summary>
    public async Task<int> InvocationsAsync(string function) => (await StatusAsync())["functions"]!["functions"]!.AsArray()
        .Single(row => row!["name"]!.GetValue<string>() == function)!["invocations"]!.GetValue<int>();

    public async Task<JsonNode> OrderAsync(string orderId) => JsonNode.Parse(await Http.GetStringAsync(new Uri(Functions, $"/api/orders/{orderId}")))!;

    /// <summary>SIGKILL to LocalCloud alone: what it started goes on.</summary>
    public async Task KillAsync()
    {
        var endpoints = JsonNode.Parse(await File.ReadAllTextAsync(EndpointsFile))!;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        // Only the next one may write it. Addresses do not change in the cloud, so it gets the same ports.
        File.Delete(EndpointsFile);
        _process = NewProcess([.. _arguments, .. Ports(endpoints)]);
        (_started, _killed) = (false, true);
    }

    /// <summary>Starts LocalCloud after <see cref="KillAsync"/>, over the same state folder.</summary>
    public Task StartAgainAsync()
    {
        _killed = false;
        return StartAsync();
    }

    /// <summary>SIGKILL to a program that LocalCloud runs: <c>agent</c>, <c>mosquitto</c>. Returns its process id when it is gone.</summary>
    public async Task<int> KillProgramAsync(string name)
    {
        var record = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_state, $"{name}.json")))!;
        using var program = Process.GetProcessById(record["pid"]!.GetValue<int>());
        program.Kill();
        await program.WaitForExitAsync();
        return program.Id;
    }

    /// <summary>Waits until another process serves in the place of a dead one.</summary>
    public Task IsStartedAgainAsync(string name, int dead) => Eventually.TrueAsync(
        async () => (await StatusAsync())["parts"]!.AsArray().Single(part => part!["name"]!.GetValue<string>() == name) is { } part
            && part["state"]!.GetValue<string>() == "Ready" && part["pid"]!.GetValue<int>() != dead,
        TimeSpan.FromSeconds(30),
        () => $"{name} was not started again");

    /// <summary>An orderly end that leaves the state folder, so that a test can look at what is left.</summary>
    public async Task EndAsync()
    {
        // Only LocalCloud knows what a killed one left behind.
        if (_killed)
            await StartAgainAsync();
        if (_started)
            await EndProcessAsync();
        _started = false;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync();
        }
        finally
        {
            _process.Dispose();
            Http.Dispose();
            Directory.Delete(_state, recursive: true);
        }
    }

    /// <summary>What LocalCloud said since the start.</summary>
    public string Output => _output.All;

    /// <summary>What it said since somebody took it: one of the tests that share a stack shows only its own.</summary>
    public string TakeOutput() => _output.Take();

    /// <summary>What it started ends with it.</summary>
    private async Task EndProcessAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            // Also the end of its output.
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"LocalCloud did not end within {StopLimit.TotalSeconds} s of SIGTERM.\n{Output}", late);
        }
    }

    private async Task StartAsync()
    {
        _started = _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"LocalCloud ended with {_process.ExitCode}.") : File.Exists(EndpointsFile),
            StartLimit,
            () => "LocalCloud was not ready.");
        var endpoints = JsonNode.Parse(await File.ReadAllTextAsync(EndpointsFile))!;
        Status = Address(endpoints, "status");
        Functions = Address(endpoints, "functions");
        TablesConnectionString = endpoints["tablesConnectionString"]!.GetValue<string>();
        MqttPort = endpoints["mqttPort"]!.GetValue<int>();
        Programs = endpoints["programs"]!.AsObject().ToDictionary(program => program.Key, program => new Uri(program.Value!.GetValue<string>()));
        (_directory, _clientId) = ($"{endpoints["login"]}/{endpoints["tenantId"]}", endpoints["clientId"]!.GetValue<string>());
        Kept = File.Exists(WalkFile)
            ? JsonNode.Parse(await File.ReadAllTextAsync(WalkFile))!["kept"]!.AsObject().ToDictionary(kept => kept.Key, kept => kept.Value!.GetValue<string>())
            : new Dictionary<string, string>();
        // One that was started again is the same one: whoever has this client keeps it.
        if (!_signedIn)
        {
            Http.Dispose();
            (Http, _signedIn) = (As("operator"), true);
        }

        // A configuration need not have both.
        Bank = Programs.GetValueOrDefault("bank")!;
        Screen = Programs.GetValueOrDefault("agent")!;
    }

    private LocalSignIn SignIn(string persona) => new(_directory, _clientId, persona, Functions, new SocketsHttpHandler(), TimeProvider.System);

    private string WalkFile => Path.Combine(_state, "walk.json");

    private string EndpointsFile => Path.Combine(_state, "endpoints.json");

    private static IEnumerable<string> Ports(JsonNode endpoints)
    {
        var parts = new[] { "status", "functions", "serviceBus", "eventGrid", "tables", "login" }.Select(name => (name, Address(endpoints, name).Port));
        var programs = endpoints["programs"]!.AsObject().Select(program => (program.Key, new Uri(program.Value!.GetValue<string>()).Port));
        return parts.Concat(programs).SelectMany(part => new[] { "--port", $"{part.Item1}={part.Port}" });
    }

    private static Uri Address(JsonNode endpoints, string name) => new(endpoints[name]!.GetValue<string>());
}
