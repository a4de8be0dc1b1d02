using System.Net;
using System.Net.Sockets;
using CanteenPay.Mqtt.Interop;
using CanteenPay.Mqtt.Tests.Broker;

namespace CanteenPay.Mqtt.Tests;

public sealed class Connections_fail(TestBroker broker) : IClassFixture<TestBroker>
{
    [Fact]
    public async Task A_broker_whose_certificate_comes_from_another_authority_is_not_trusted_and_the_state_says_why()
    {
        var stranger = new Authority(broker.Folder, "another-ca");
        await using var client = new MosquittoClient(broker.Options("distrustful") with { CaFile = stranger.CaFile });

        client.Start();

        await Eventually.True(() => client.LastError is not null, "the attempt fails");
        client.State.ShouldBe(MqttState.Disconnected);
        client.LastError!.Message.ShouldContain("certificate verify failed", Case.Insensitive);
    }

    [Fact]
    public async Task A_client_whose_certificate_the_broker_does_not_trust_stays_outside()
    {
        var stranger = new Authority(broker.Folder, "strange-ca");
        var (certificateFile, keyFile) = stranger.Issue("intruder");
        await using var client = new MosquittoClient(broker.Options("outside") with { CertificateFile = certificateFile, KeyFile = keyFile });

        client.Start();

        await Eventually.True(() => client.LastError is not null, "the attempt fails");
        client.State.ShouldBe(MqttState.Disconnected);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_with_its_port()
    {
        var port = TestBroker.FreePort();
        await using var client = new MosquittoClient(broker.Options("lonely") with { Port = port });

        client.Start();

        await Eventually.True(() => client.LastError is not null, "the attempt fails");
        client.LastError!.Message.ShouldContain($"127.0.0.1:{port}");
        client.LastError.Message.ShouldContain("refused");
    }

    [Fact]
    public async Task A_peer_that_accepts_and_never_answers_is_given_up_and_tried_again()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = new MosquittoClient(broker.Options("patient") with
        {
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            ConnectTimeout = TimeSpan.FromMilliseconds(100),
        });
        client.Start();

        using var first = await silent.AcceptTcpClientAsync().WaitAsync(Eventually.Deadline);
        using var second = await silent.AcceptTcpClientAsync().WaitAsync(Eventually.Deadline);

        client.LastError!.Message.ShouldContain("no answer");
    }

    [Fact]
    public async Task A_client_can_be_disposed_while_it_connects_and_what_waited_fails()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var client = new MosquittoClient(broker.Options("hasty") with { Port = ((IPEndPoint)silent.LocalEndpoint).Port });
        client.Start();
        using var accepted = await silent.AcceptTcpClientAsync().WaitAsync(Eventually.Deadline);
        var publish = client.PublishAsync(new("open/x", "x"u8.ToArray()));
        var subscribe = client.SubscribeAsync("open/x");
        var inbox = new Inbox(client);

        await client.DisposeAsync().AsTask().WaitAsync(Eventually.Deadline);

        await Should.ThrowAsync<ObjectDisposedException>(() => publish);
        await Should.ThrowAsync<ObjectDisposedException>(() => subscribe);
        await inbox.Reading.WaitAsync(Eventually.Deadline);
        await Should.ThrowAsync<ObjectDisposedException>(() => client.PublishAsync(new("open/x", "x"u8.ToArray())));
    }

    [Fact]
    public async Task A_client_whose_session_is_taken_over_is_sent_away_and_has_an_error_to_show()
    {
        var options = broker.Options("twice") with { MinBackoff = TimeSpan.FromMinutes(1), MaxBackoff = TimeSpan.FromMinutes(1) };
        await using var first = new MosquittoClient(options);
        first.Start();
        await Eventually.True(() => first.State == MqttState.Connected, "the first connects");
        await using var second = new MosquittoClient(options);

        second.Start();

        await Eventually.True(() => first.State == MqttState.Disconnected, "the first is sent away");
        // Azure's broker says 142; mosquitto 2.0.11 closes the connection before the client has read it.
        first.LastError!.Code.ShouldBeOneOf(7, 142);
    }

    [Fact]
    public async Task A_listener_that_throws_is_told_the_next_change()
    {
        await using var client = new MosquittoClient(broker.Options("listened"));
        client.StateChanged += _ => throw new InvalidOperationException("a mistake of the listener");

        client.Start();

        await Eventually.True(() => client.LastError is not null, "the mistake is kept");
        client.LastError!.Message.ShouldContain("a mistake of the listener");
        client.State.ShouldBe(MqttState.Connected);
    }

    [Fact]
    public async Task A_client_that_was_never_started_can_be_disposed()
    {
        var client = new MosquittoClient(broker.Options("never"));
        var publish = client.PublishAsync(new("open/x", "x"u8.ToArray()));

        await client.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => publish);
    }

    [Theory]
    [InlineData("CaFile")]
    [InlineData("CertificateFile")]
    [InlineData("KeyFile")]
    public async Task A_missing_file_is_named_with_its_setting_before_anything_starts(string setting)
    {
        var good = broker.Options("missing");
        var options = setting switch
        {
            "CaFile" => good with { CaFile = "/nowhere/x.pem" },
            "CertificateFile" => good with { CertificateFile = "/nowhere/x.pem" },
            _ => good with { KeyFile = "/nowhere/x.pem" },
        };
        await using var client = new MosquittoClient(options);

        var refused = Should.Throw<MqttException>(client.Start);

        refused.Message.ShouldContain(setting);
        refused.Message.ShouldContain("/nowhere/x.pem");
    }

    [Fact]
    public async Task A_key_that_does_not_belong_to_the_certificate_is_found_at_the_start()
    {
        var options = broker.Options("mixed");
        await using var client = new MosquittoClient(options with { KeyFile = broker.Options("other").KeyFile });

        Should.Throw<MqttException>(client.Start).Message.ShouldContain("CertificateFile");
    }

    [Fact]
    public void A_missing_library_is_a_sentence_that_says_what_to_install() =>
        Should.Throw<MqttException>(() => MosquittoLibrary.EnsureLoaded("libmosquitto-that-is-not-there.so.1"))
            .Message.ShouldContain("install Debian's package libmosquitto1");
}
