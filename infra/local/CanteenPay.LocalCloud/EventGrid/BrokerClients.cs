using CanteenPay.LocalCloud.Certificates;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>Makes LocalCloud's own clients of the broker.</summary>
internal sealed class BrokerClients(int port, CertificateFolder certificates, TimeProvider time)
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    /// <summary>A started client; what it may wait for is up to the caller.</summary>
    /// <param name="clientId">Unique on the broker.</param>
    /// <param name="maxReceived">See <see cref="MqttOptions.MaxReceived"/>.</param>
    /// <param name="session">How long the broker keeps what the client misses.</param>
    internal MosquittoClient Start(string clientId, int maxReceived, TimeSpan session)
    {
        var client = new MosquittoClient(
            new()
            {
                Host = "127.0.0.1",
                Port = port,
                ClientId = clientId,
                CaFile = certificates.CaFile,
                CertificateFile = certificates.Operator.CertificateFile,
                KeyFile = certificates.Operator.KeyFile,
                SessionExpiry = session,
                MaxReceived = maxReceived,
                MinBackoff = TimeSpan.FromMilliseconds(50),
                MaxBackoff = TimeSpan.FromSeconds(1),
            },
            time);
        client.Start();
        return client;
    }

    /// <exception cref="LocalCloudException">There is no connection in time.</exception>
    internal static async Task WaitUntilConnectedAsync(MosquittoClient client, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += Note;
        try
        {
            Note(client.State);
            await connected.Task.WaitAsync(ConnectPatience, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new LocalCloudException($"No connection to the broker within {ConnectPatience}: {client.LastError?.Message ?? "no answer"}", exception);
        }
        finally
        {
            client.StateChanged -= Note;
        }

        void Note(MqttState state)
        {
            if (state == MqttState.Connected)
            {
                connected.TrySetResult();
            }
        }
    }
}
